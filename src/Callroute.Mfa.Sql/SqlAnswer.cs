using System.Data.Common;
using System.Globalization;

namespace Callroute.Mfa.Sql;

/// <summary>The rows that answer one statement for one key.</summary>
/// <remarks>
/// A pooler that shares server connections may execute a prepared statement of another client. A driver may read a row that a cancelled
/// command left on the connection. So each row names its statement and its key, and every statement returns at least one row.
/// </remarks>
internal sealed class SqlAnswer(DbDataReader reader, SqlStatement statement, SqlDialect dialect, string tenant, string userId)
{
    private const int StatementColumn = 0;
    private const int TenantColumn = 1;
    private const int UserIdColumn = 2;

    /// <summary>The column after the name and the key.</summary>
    public const int FirstColumn = 3;

    /// <summary>Reads the first row.</summary>
    /// <exception cref="InvalidOperationException">There is none, or it belongs to another statement or another key.</exception>
    public async Task ReadFirstAsync(CancellationToken cancellationToken)
    {
        if (!await ReadNextAsync(cancellationToken).ConfigureAwait(false))
        {
            throw new InvalidOperationException(Describe("no row"));
        }
    }

    /// <summary>Reads the next row, if there is one.</summary>
    /// <exception cref="InvalidOperationException">It belongs to another statement or another key.</exception>
    public async Task<bool> ReadNextAsync(CancellationToken cancellationToken)
    {
        if (!await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        // Check the statement first: the rows of another one may have fewer columns.
        return (reader.GetValue(StatementColumn) as string) == statement.Name
            && dialect.ReadKey(reader, TenantColumn) == tenant
            && dialect.ReadKey(reader, UserIdColumn) == userId
            ? true
            : throw new InvalidOperationException(Describe("the answer of another statement or of another user"));
    }

    /// <summary>Reads the answer of a write.</summary>
    /// <returns>The number of rows written.</returns>
    public async Task<long> ReadCountAsync(Guid version, CancellationToken cancellationToken)
    {
        await ReadFirstAsync(cancellationToken).ConfigureAwait(false);
        return ReadVersion(reader.GetValue(FirstColumn)) == version
            ? Convert.ToInt64(reader.GetValue(FirstColumn + 1), CultureInfo.InvariantCulture)
            : throw new InvalidOperationException(Describe("the answer of another write"));
    }

    /// <summary>Reads a version. MySqlConnector with GuidFormat=Char32 returns a CHAR(32) as a Guid.</summary>
    public static Guid ReadVersion(object version) => version is Guid guid ? guid : Guid.ParseExact((string)version, "N");

    private string Describe(string what) =>
        $"The database returned {what} to '{statement.Name}', so the outcome is unknown. A connection pooler between the application and the"
        + $" database mixes prepared statements: set {nameof(SqlMfaStoreOptions)}.{nameof(SqlMfaStoreOptions.PrepareStatements)} to false"
        + " and, for Npgsql, remove Max Auto Prepare from the connection string.";
}
