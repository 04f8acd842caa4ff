namespace Callroute.Mfa.Sql;

/// <summary>The settings of a <see cref="SqlMfaStore"/>.</summary>
/// <remarks>Immutable and thread-safe. The constructor of the store validates them.</remarks>
public sealed class SqlMfaStoreOptions
{
    internal const string DefaultTableName = "callroute_mfa";

    /// <summary>The name of the table, optionally with a schema: <c>table</c> or <c>schema.table</c>.</summary>
    /// <value>
    /// 1–63 lower-case ASCII letters, digits and underscores that do not begin with a digit; a schema has the same form. The default is
    /// <c>callroute_mfa</c>.
    /// </value>
    public string TableName { get; init; } = DefaultTableName;

    /// <summary>How long one statement may take, including the wait for locks.</summary>
    /// <remarks>
    /// After this time the outcome is unknown and a verification returns <see cref="RefusalReason.Unavailable"/>. The connection string
    /// has a separate time-out for opening a connection. On SQLite, the store first waits up to this time for other writers of the
    /// process.
    /// </remarks>
    /// <value>1–60 s in whole seconds; the default is 5 s.</value>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether the store prepares statements with drivers that keep them for pooled connections (Npgsql).</summary>
    /// <remarks>
    /// It saves some time of the server. Set it only if no pooler stands between the application and the database, or one that tracks
    /// prepared statements (PgBouncer 1.21 or newer with <c>max_prepared_statements</c>). Behind another pooler, the store refuses the
    /// answers of wrong statements, and most calls fail.
    /// </remarks>
    /// <value>The default is false.</value>
    public bool PrepareStatements { get; init; }
}
