namespace Callroute.Mfa.Sql;

/// <summary>Settings of a <see cref="SqlMfaStore"/>.</summary>
/// <remarks>Immutable; the store checks them when it is made.</remarks>
public sealed class SqlMfaStoreOptions
{
    /// <summary>The table's name where none is set.</summary>
    public const string DefaultTableName = "callroute_mfa";

    /// <summary>The table.</summary>
    /// <value>1–63 lower-case ASCII letters, digits and underscores, not a digit first; a schema of the same form and a dot may stand before it. The default value is <c>callroute_mfa</c>.</value>
    public string TableName { get; init; } = DefaultTableName;

    /// <summary>How long one statement may take, the wait for a lock included. Then the outcome is unknown and the answer <see cref="RefusalReason.Unavailable"/>. Opening a connection has a time-out of its own, in the connection string; on SQLite the wait for other writers of the process comes on top.</summary>
    /// <value>1 second to 1 minute, in whole seconds. The default value is 5 seconds.</value>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether statements are prepared where the driver keeps them for a pooled connection (Npgsql).</summary>
    /// <value>The default value is true. Turn it off behind a pooler that gives every transaction another connection and does not carry prepared statements over.</value>
    public bool PrepareStatements { get; init; } = true;
}
