using System.Data.Common;

namespace Callroute.Mfa.Sql;

/// <summary>Classifies exceptions of a driver by their SQLSTATE (ISO/IEC 9075).</summary>
internal static class SqlFault
{
    private const string SerializationFailure = "40001";
    private const string PostgreSqlDeadlock = "40P01";
    private const string MySqlIntegrityViolation = "23000";

    /// <summary>Whether the write lost to another writer, so that it certainly changed nothing.</summary>
    public static bool IsConflict(DbException exception) => IsRolledBack(exception) || exception.SqlState is MySqlIntegrityViolation;

    /// <summary>Whether the engine rolled the statement back in favour of another transaction, perhaps one of other rows.</summary>
    public static bool IsRolledBack(DbException exception) => exception.SqlState is SerializationFailure or PostgreSqlDeadlock;

    /// <summary>Whether a second read may succeed. After a time-out it would only double the wait.</summary>
    public static bool IsWorthReadingAgain(DbException exception) =>
        IsRolledBack(exception)
        || (exception.IsTransient && exception.InnerException is not TimeoutException);
}
