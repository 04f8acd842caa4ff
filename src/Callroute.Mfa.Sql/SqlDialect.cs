using System.Data.Common;
using System.Globalization;
using System.Text;

namespace Callroute.Mfa.Sql;

/// <summary>Names a database engine: how its table is declared, and where its statements differ from those of the others.</summary>
/// <remarks>Immutable and thread-safe. In every dialect ids are compared ordinally and without padding.</remarks>
public sealed class SqlDialect
{
    private SqlDialect(string name, string keyType, string versionType, string documentType) =>
        (Name, KeyType, VersionType, DocumentType) = (name, keyType, versionType, documentType);

    /// <summary>SQLite 3.24 or newer, a file in WAL mode. One writer at a time; every answered write is synced to the disk.</summary>
    public static SqlDialect Sqlite { get; } = new("SQLite", "TEXT", "TEXT", "BLOB")
    {
        HasOneWriter = true,
        TableOptions = "; PRAGMA journal_mode = WAL",

        // A pooled connection keeps what its last user set. The first fails inside a transaction that somebody left open. SQLite itself then waits for the file's lock, in steps of milliseconds; its driver would try again every 150 ms.
        WriteSettingFormat = "PRAGMA synchronous = EXTRA; PRAGMA busy_timeout = {0}",
    };

    /// <summary>PostgreSQL 11 or newer, at any isolation level, through Npgsql.</summary>
    public static SqlDialect PostgreSql { get; } = new("PostgreSQL", "text COLLATE \"C\"", "text COLLATE \"C\"", "bytea")
    {
        KeepsPreparedStatements = true,
    };

    /// <summary>MariaDB 10.3 or newer and MySQL 8 (InnoDB), whatever the session's isolation level and autocommit, through MySqlConnector.</summary>
    public static SqlDialect MySql { get; } = new("MySQL", "VARBINARY(1200)", "CHAR(32) CHARACTER SET ascii COLLATE ascii_bin", "LONGBLOB")
    {
        KeyEncoding = Encoding.UTF8,
        InsertFormat = "INSERT INTO {0} (tenant, user_id, version, document) VALUES (@tenant, @user_id, @version, @document)",
        TableOptions = " ENGINE = InnoDB",

        // A server's own settings may leave every write uncommitted, or show what is not committed. The level is that of the next statement
        // only; it fails inside a transaction that somebody left open on a pooled connection.
        Prefix = "SET autocommit = 1; SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; ",
    };

    /// <summary>SQL Server 2017 or newer and Azure SQL. Its statements are tested as text only: nobody has run them for this project yet.</summary>
    public static SqlDialect SqlServer { get; } = new("SQL Server", "VARBINARY(800)", "CHAR(32) COLLATE Latin1_General_100_BIN2", "VARBINARY(MAX)")
    {
        KeyEncoding = Encoding.Unicode,
        CreateFormat = "IF OBJECT_ID(N'{0}', N'U') IS NULL CREATE TABLE {0} ({1}, PRIMARY KEY NONCLUSTERED (tenant, user_id))",
        InsertFormat = "INSERT INTO {0} (tenant, user_id, version, document) SELECT @tenant, @user_id, @version, @document"
            + " WHERE NOT EXISTS (SELECT 1 FROM {0} WITH (UPDLOCK, HOLDLOCK) WHERE tenant = @tenant AND user_id = @user_id)",
        First = "TOP (@count) ",
        Limit = string.Empty,
    };

    /// <summary>The engine's name, for people.</summary>
    public string Name { get; }

    internal string KeyType { get; }

    internal string VersionType { get; }

    internal string DocumentType { get; }

    /// <summary>How ids become the bytes that are stored; null where they are stored as text.</summary>
    internal Encoding? KeyEncoding { get; init; }

    /// <summary>One writer in the whole database: writers of one process queue here and not at the file's lock.</summary>
    internal bool HasOneWriter { get; init; }

    /// <summary>The driver keeps what was prepared for the next user of a pooled connection.</summary>
    internal bool KeepsPreparedStatements { get; init; }

    /// <summary>What is sent with every statement, in one message.</summary>
    internal string Prefix { get; init; } = string.Empty;

    internal string? WriteSettingFormat { get; init; }

    internal string CreateFormat { get; init; } = "CREATE TABLE IF NOT EXISTS {0} ({1}, PRIMARY KEY (tenant, user_id)){2}";

    internal string InsertFormat { get; init; } = "INSERT INTO {0} (tenant, user_id, version, document) VALUES (@tenant, @user_id, @version, @document)"
        + " ON CONFLICT (tenant, user_id) DO NOTHING";

    internal string TableOptions { get; init; } = string.Empty;

    internal string First { get; init; } = string.Empty;

    internal string Limit { get; init; } = " LIMIT @count";

    /// <summary>Gives the statement that creates the table where it does not exist, for a migration of one's own.</summary>
    /// <param name="tableName">The table; see <see cref="SqlMfaStoreOptions.TableName"/>.</param>
    /// <returns>SQL; for SQLite it also turns the file to WAL mode.</returns>
    /// <exception cref="ArgumentException">The name is not one that <see cref="SqlMfaStoreOptions.TableName"/> allows.</exception>
    public string GetCreateTableStatement(string tableName = SqlMfaStoreOptions.DefaultTableName) => new SqlStatements(this, tableName).Create;

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal object ToKey(string text) => KeyEncoding is null ? text : KeyEncoding.GetBytes(text);

    internal string ReadKey(DbDataReader reader, int column) =>
        KeyEncoding is null ? reader.GetString(column) : KeyEncoding.GetString(reader.GetFieldValue<byte[]>(column));

    /// <summary>What a connection is told before it writes, or null. Readers need none: in WAL mode they wait for nobody.</summary>
    internal string? GetWriteSetting(TimeSpan timeout) =>
        WriteSettingFormat is null ? null : string.Format(CultureInfo.InvariantCulture, WriteSettingFormat, timeout.TotalMilliseconds);
}
