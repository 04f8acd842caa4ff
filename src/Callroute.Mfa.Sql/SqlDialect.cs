using System.Data.Common;
using System.Globalization;
using System.Text;

namespace Callroute.Mfa.Sql;

/// <summary>A database engine: its table declaration and the differences in its statements.</summary>
/// <remarks>Immutable and thread-safe. Every dialect compares ids ordinally and without padding.</remarks>
public sealed class SqlDialect
{
    private readonly string _name;

    private SqlDialect(string name, string keyType, string versionType, string documentType) =>
        (_name, KeyType, VersionType, DocumentType) = (name, keyType, versionType, documentType);

    /// <summary>SQLite 3.24 or newer, a file in WAL mode. One writer at a time; every acknowledged write is synced to the disk.</summary>
    public static SqlDialect Sqlite { get; } = new("SQLite", "TEXT", "TEXT", "BLOB")
    {
        HasOneWriter = true,
        TableOptions = "; PRAGMA journal_mode = WAL",

        // Set both on every write, because a pooled connection keeps the settings of its last user. The first statement fails if that
        // user left a transaction open. The second lets SQLite wait for the file's lock in steps of milliseconds; the driver alone would
        // retry every 150 ms.
        WriteSettingFormat = "PRAGMA synchronous = EXTRA; PRAGMA busy_timeout = {0}",
    };

    /// <summary>PostgreSQL 11 or newer, at any isolation level, through Npgsql.</summary>
    public static SqlDialect PostgreSql { get; } = new("PostgreSQL", "text COLLATE \"C\"", "text COLLATE \"C\"", "bytea")
    {
        KeepsPreparedStatements = true,

        // The condition keeps the statement from writing if a pooler executes it for another table.
        InsertFormat = "INSERT INTO {0} (tenant, user_id, version, document) SELECT @tenant, @user_id, @version, @document"
            + " WHERE @statement = 'insert {0}'",
        Settings = ServerSettings.OfPostgreSql,
        WriteFormat = "WITH written AS ({0} RETURNING 1) SELECT {1}, (SELECT count(*) FROM written) AS written",
    };

    /// <summary>MariaDB 10.3 or newer and MySQL 8 (InnoDB) through MySqlConnector, at any isolation level and autocommit setting.</summary>
    public static SqlDialect MySql { get; } = new(
        "MySQL", "VARBINARY(1200)", "CHAR(32) CHARACTER SET ascii COLLATE ascii_bin", "LONGBLOB")
    {
        KeyEncoding = Encoding.UTF8,
        OnConflict = string.Empty,
        Settings = ServerSettings.OfMySql,
        TableOptions = " ENGINE = InnoDB",
        WriteFormat = "{0}; SELECT {1}, ROW_COUNT() AS written",

        // Without these a server's settings could leave writes uncommitted or let reads see uncommitted data. The isolation level applies
        // to the next statement only. Setting it fails if the last user of the pooled connection left a transaction open.
        Prefix = "SET autocommit = 1; SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; ",
    };

    /// <summary>SQL Server 2017 or newer and Azure SQL. This project tests only the text of its statements, not a server.</summary>
    public static SqlDialect SqlServer { get; } = new(
        "SQL Server", "VARBINARY(800)", "CHAR(32) COLLATE Latin1_General_100_BIN2", "VARBINARY(MAX)")
    {
        KeyEncoding = Encoding.Unicode,
        CreateFormat = "IF OBJECT_ID(N'{0}', N'U') IS NULL CREATE TABLE {0} ({1}, PRIMARY KEY NONCLUSTERED (tenant, user_id))",
        InsertFormat = "INSERT INTO {0} (tenant, user_id, version, document) SELECT @tenant, @user_id, @version, @document"
            + " WHERE NOT EXISTS (SELECT 1 FROM {0} WITH (UPDLOCK, HOLDLOCK) WHERE tenant = @tenant AND user_id = @user_id)",
        WriteFormat = "{0}; SELECT {1}, @@ROWCOUNT AS written",
        OnConflict = string.Empty,
        First = "TOP (@count) ",
        Limit = string.Empty,
    };

    internal string KeyType { get; }

    internal string VersionType { get; }

    internal string DocumentType { get; }

    /// <summary>The encoding that turns ids into stored bytes; null if ids are stored as text.</summary>
    internal Encoding? KeyEncoding { get; init; }

    /// <summary>Whether the engine allows one writer per database. The store then queues the writers of its process.</summary>
    internal bool HasOneWriter { get; init; }

    /// <summary>Whether the driver keeps prepared statements for the next user of a pooled connection.</summary>
    internal bool KeepsPreparedStatements { get; init; }

    /// <summary>SQL that is sent before every statement, in the same message.</summary>
    internal string Prefix { get; init; } = string.Empty;

    internal string? WriteSettingFormat { get; init; }

    internal string CreateFormat { get; init; } = "CREATE TABLE IF NOT EXISTS {0} ({1}, PRIMARY KEY (tenant, user_id)){2}";

    internal string InsertFormat { get; init; } =
        "INSERT INTO {0} (tenant, user_id, version, document) VALUES (@tenant, @user_id, @version, @document)";

    /// <summary>The end of an insert. Without it, a duplicate key is an error.</summary>
    internal string OnConflict { get; init; } = " ON CONFLICT (tenant, user_id) DO NOTHING";

    /// <summary>The query for the settings of <see cref="ServerSettings"/>; null if the engine has none.</summary>
    internal string? Settings { get; init; }

    /// <summary>A write and the question for its outcome: the name of the statement, its key, its version and the rows written.</summary>
    internal string WriteFormat { get; init; } = "{0}; SELECT {1}, changes() AS written";

    internal string TableOptions { get; init; } = string.Empty;

    internal string First { get; init; } = string.Empty;

    internal string Limit { get; init; } = " LIMIT @count";

    /// <summary>Returns the statement that creates the table if it does not exist, for use in your own migrations.</summary>
    /// <param name="tableName">The name of the table, as <see cref="SqlMfaStoreOptions.TableName"/> allows it.</param>
    /// <returns>One SQL script. For SQLite it also switches the file to WAL mode.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="tableName"/> is null.</exception>
    /// <exception cref="ArgumentException">The name is not one that <see cref="SqlMfaStoreOptions.TableName"/> allows.</exception>
    public string GetCreateTableStatement(string tableName = SqlMfaStoreOptions.DefaultTableName) =>
        new SqlStatements(this, tableName).Create;

    /// <summary>Returns the name of the engine, such as <c>PostgreSQL</c>.</summary>
    /// <returns>A name for messages.</returns>
    public override string ToString() => _name;

    internal object ToKey(string text) => KeyEncoding is null ? text : KeyEncoding.GetBytes(text);

    internal string ReadKey(DbDataReader reader, int column) =>
        KeyEncoding is null ? reader.GetString(column) : KeyEncoding.GetString(reader.GetFieldValue<byte[]>(column));

    /// <summary>The statement that a connection runs before it writes, or null. Readers need none: in WAL mode they never wait.</summary>
    internal string? GetWriteSetting(TimeSpan timeout) =>
        WriteSettingFormat is null ? null : string.Format(CultureInfo.InvariantCulture, WriteSettingFormat, timeout.TotalMilliseconds);
}
