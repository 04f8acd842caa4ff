namespace Callroute.Mfa.TestServers;

/// <summary>
/// One server of each kind for a test process, with which it ends, or the one that an environment variable names. Each gives a connection
/// string.
/// </summary>
public static class SharedServers
{
    private static readonly Lazy<Task<string>> PostgreSql =
        new(async () => Named("CALLROUTE_TEST_POSTGRES") ?? (await PostgreSqlServer.StartNewAsync()).ConnectionString);

    private static readonly Lazy<Task<string>> MariaDb =
        new(async () => Named("CALLROUTE_TEST_MARIADB") ?? (await MariaDbServer.StartNewAsync()).ConnectionString);

    private static readonly Lazy<Task<string>> Redis =
        new(async () => Named("CALLROUTE_TEST_REDIS") ?? (await RedisServer.StartNewAsync()).ConnectionString);

    private static readonly Lazy<Task<string>> RedisCluster =
        new(async () => (await RedisClusterServer.StartNewAsync()).ConnectionString);

    /// <summary>Null where PostgreSQL can be used, else the reason to skip with.</summary>
    public static string? WhyNoPostgreSql => Named("CALLROUTE_TEST_POSTGRES") is null ? PostgreSqlServer.WhyMissing : null;

    /// <summary>Null where MariaDB can be used, else the reason to skip with.</summary>
    public static string? WhyNoMariaDb => Named("CALLROUTE_TEST_MARIADB") is null ? MariaDbServer.WhyMissing : null;

    /// <summary>Null where Redis can be used, else the reason to skip with.</summary>
    public static string? WhyNoRedis => Named("CALLROUTE_TEST_REDIS") is null ? RedisServer.WhyMissing : null;

    /// <summary>PostgreSQL; <c>CALLROUTE_TEST_POSTGRES</c> names another.</summary>
    public static Task<string> PostgreSqlAsync() => PostgreSql.Value;

    /// <summary>MariaDB; <c>CALLROUTE_TEST_MARIADB</c> names another.</summary>
    public static Task<string> MariaDbAsync() => MariaDb.Value;

    /// <summary>Redis; <c>CALLROUTE_TEST_REDIS</c> names another.</summary>
    public static Task<string> RedisAsync() => Redis.Value;

    /// <summary>A Redis Cluster of three nodes, always our own.</summary>
    public static Task<string> RedisClusterAsync() => RedisCluster.Value;

    private static string? Named(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
