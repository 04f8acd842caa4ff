namespace Callroute.Mfa.OtpTool.Stores;

/// <summary>The stores that the program can open.</summary>
internal enum StoreKind
{
    Sqlite,
    PostgreSql,
    MariaDb,
    Redis,
}
