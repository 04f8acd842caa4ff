using System.Data.Common;

namespace Callroute.Mfa.Sql;

/// <summary>What a driver's exception says, by the standard's SQLSTATE where there is one.</summary>
internal static class SqlFault
{
    private const string SerializationFailure = "40001";
    private const string PostgreSqlDeadlock = "40P01";
    private const string PostgreSqlUniqueViolation = "23505";
    private const string MySqlIntegrityViolation = "23000";

    /// <summary>The statement was rolled back because somebody else wrote: nothing was changed, and that is certain.</summary>
    public static bool IsLostSwap(DbException exception) => exception.SqlState is SerializationFailure or PostgreSqlDeadlock or PostgreSqlUniqueViolation or MySqlIntegrityViolation;

    /// <summary>Reading again may help, and did not wait for the whole time-out already.</summary>
    public static bool IsWorthReadingAgain(DbException exception) =>
        exception.SqlState is SerializationFailure or PostgreSqlDeadlock || (exception.IsTransient && exception.InnerException is not TimeoutException);
}
