using System.Data.Common;

namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>Classifies failures of the database by their SQLSTATE (ISO/IEC 9075).</summary>
internal static class DatabaseFailure
{
    // PostgreSQL reports 23505, MySQL and MariaDB report 23000.
    private const string UniqueViolation = "23505";
    private const string IntegrityViolation = "23000";

    private const string SerializationFailure = "40001";
    private const string DeadlockDetected = "40P01";

    /// <summary>Whether the engine rolled the statement back in favour of another transaction.</summary>
    public static bool IsConflict(Exception exception) => States(exception).Any(state => state is SerializationFailure or DeadlockDetected);

    /// <summary>Whether a second read may succeed. After a time-out it would only double the wait.</summary>
    public static bool IsWorthReadingAgain(Exception exception) =>
        IsConflict(exception)
        || (Chain(exception).OfType<DbException>().Any(e => e.IsTransient) && !Chain(exception).OfType<TimeoutException>().Any());

    /// <summary>Whether a row with the same key exists already.</summary>
    public static bool IsDuplicate(Exception exception) => States(exception).Any(state => state is UniqueViolation or IntegrityViolation);

    /// <summary>Whether the database failed through a driver that gives no SQLSTATE.</summary>
    public static bool IsWithoutState(Exception exception) => Chain(exception).OfType<DbException>().Any() && !States(exception).Any();

    // An execution strategy may wrap the driver's exception, sometimes twice.
    private static IEnumerable<string> States(Exception exception) =>
        Chain(exception).OfType<DbException>().Select(e => e.SqlState).OfType<string>();

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        for (var current = exception; current is not null; current = current.InnerException)
        {
            yield return current;
        }
    }
}
