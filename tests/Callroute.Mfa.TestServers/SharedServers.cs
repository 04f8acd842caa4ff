namespace Callroute.Mfa.TestServers;

/// <summary>
/// One server of each kind for a test process. It ends with the process. An environment variable can name another server. Each member
/// returns a connection string.
/// </summary>
public static class SharedServers
{
    // These fields keep the servers alive. A server without a reference is collected, and its process ends.
    private static readonly Lazy<Task<PostgreSqlServer>> PostgreSql = new(PostgreSqlServer.StartNewAsync);
    private static readonly Lazy<Task<MariaDbServer>> MariaDb = new(MariaDbServer.StartNewAsync);
    private static readonly Lazy<Task<RedisServer>> Redis = new(() => RedisServer.StartNewAsync());
    private static readonly Lazy<Task<RedisClusterServer>> RedisCluster = new(RedisClusterServer.StartNewAsync);

    /// <summary>Null if PostgreSQL can be used, else the reason for skipping.</summary>
    public static string? WhyNoPostgreSql => Named("CALLROUTE_TEST_POSTGRES") is null ? PostgreSqlServer.WhyMissing : null;

    /// <summary>Null if MariaDB can be used, else the reason for skipping.</summary>
    public static string? WhyNoMariaDb => Named("CALLROUTE_TEST_MARIADB") is null ? MariaDbServer.WhyMissing : null;

    /// <summary>Null if Redis can be used, else the reason for skipping.</summary>
    public static string? WhyNoRedis => Named("CALLROUTE_TEST_REDIS") is null ? RedisServer.WhyMissing : null;

    /// <summary>PostgreSQL; <c>CALLROUTE_TEST_POSTGRES</c> names another.</summary>
    public static async Task<string> PostgreSqlAsync() =>
        Named("CALLROUTE_TEST_POSTGRES") ?? (await PostgreSql.Value).ConnectionString;

    /// <summary>MariaDB; <c>CALLROUTE_TEST_MARIADB</c> names another.</summary>
    public static async Task<string> MariaDbAsync() =>
        Named("CALLROUTE_TEST_MARIADB") ?? (await MariaDb.Value).ConnectionString;

    /// <summary>Redis; <c>CALLROUTE_TEST_REDIS</c> names another.</summary>
    public static async Task<string> RedisAsync() =>
        Named("CALLROUTE_TEST_REDIS") ?? (await Redis.Value).ConnectionString;

    /// <summary>A Redis Cluster of three nodes. No variable can replace it.</summary>
    public static async Task<string> RedisClusterAsync() => (await RedisCluster.Value).ConnectionString;

    private static string? Named(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
