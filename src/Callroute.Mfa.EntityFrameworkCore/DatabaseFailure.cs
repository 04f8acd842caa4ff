using System.Data.Common;

namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>Tells the failures that mean "somebody else wrote first" from all others, by SQLSTATE.</summary>
internal static class DatabaseFailure
{
    // Class 23 of ISO 9075: PostgreSQL says 23505, MySQL and MariaDB 23000.
    private const string UniqueViolation = "23505";
    private const string IntegrityViolation = "23000";

    private const string SerializationFailure = "40001";
    private const string DeadlockDetected = "40P01";

    /// <summary>The engine undid the statement because of another transaction.</summary>
    public static bool IsConflict(Exception exception) => States(exception).Any(state => state is SerializationFailure or DeadlockDetected);

    /// <summary>Reading again may help, and did not wait for the whole time-out already.</summary>
    public static bool IsWorthReadingAgain(Exception exception) =>
        IsConflict(exception) || (Chain(exception).OfType<DbException>().Any(e => e.IsTransient) && !Chain(exception).OfType<TimeoutException>().Any());

    /// <summary>There is a row with the same key.</summary>
    public static bool IsDuplicate(Exception exception) => States(exception).Any(state => state is UniqueViolation or IntegrityViolation);

    /// <summary>The database refused, by a driver that gives no SQLSTATE.</summary>
    public static bool IsWithoutState(Exception exception) => Chain(exception).OfType<DbException>().Any() && !States(exception).Any();

    // An execution strategy wraps what the driver threw, sometimes twice.
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
