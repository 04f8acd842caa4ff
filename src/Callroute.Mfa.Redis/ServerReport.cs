using System.Globalization;
using StackExchange.Redis;

namespace Callroute.Mfa.Redis;

/// <summary>The settings of a server, as it reports them. A value that it does not report is null.</summary>
internal sealed record ServerReport
{
    // What servers that speak the protocol of Redis report and Redis does not.
    private static readonly (string Name, string Product)[] Marks =
    [
        ("garnet_version", "Garnet"), ("dragonfly_version", "Dragonfly"), ("kvrocks_version", "Kvrocks"), ("mvcc_depth", "KeyDB"),
    ];

    public required string Server { get; init; }

    /// <summary>The name of the product; null for Redis and Valkey.</summary>
    public string? OtherProduct { get; init; }

    public Version? Version { get; init; }

    public string? EvictionPolicy { get; init; }

    public bool? HasAppendOnlyFile { get; init; }

    /// <summary>The setting appendfsync.</summary>
    public string? Fsync { get; init; }

    /// <summary>The setting no-appendfsync-on-rewrite.</summary>
    public string? NoFsyncOnRewrite { get; init; }

    /// <summary>Whether the append-only file is being rewritten, or about to be.</summary>
    public bool IsRewritingFile { get; init; }

    public int? ConnectedReplicas { get; init; }

    /// <summary>The setting min-replicas-to-write.</summary>
    public string? MinimumReplicas { get; init; }

    public static async Task<ServerReport> ReadAsync(IServer server)
    {
        // The driver's own methods for INFO and CONFIG need its admin mode.
        var info = ParseInfo((string?)await server.ExecuteAsync("INFO").ConfigureAwait(false) ?? string.Empty);
        return new ServerReport
        {
            Server = server.EndPoint.ToString()!,
            OtherProduct = FindOtherProduct(info),
            Version = Version.TryParse(info.GetValueOrDefault("redis_version"), out var version) ? version : null,
            EvictionPolicy = info.GetValueOrDefault("maxmemory_policy"),
            HasAppendOnlyFile = info.TryGetValue("aof_enabled", out var enabled) ? enabled == "1" : null,
            IsRewritingFile =
                info.GetValueOrDefault("aof_rewrite_in_progress") == "1" || info.GetValueOrDefault("aof_rewrite_scheduled") == "1",
            ConnectedReplicas = ReadCount(info.GetValueOrDefault("connected_slaves")),
            Fsync = await SettingAsync(server, "appendfsync").ConfigureAwait(false),
            NoFsyncOnRewrite = await SettingAsync(server, "no-appendfsync-on-rewrite").ConfigureAwait(false),
            MinimumReplicas = await SettingAsync(server, "min-replicas-to-write").ConfigureAwait(false),
        };
    }

    public static IReadOnlyDictionary<string, string> ParseInfo(string info)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in info.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.Split(':', 2) is [var name, var value])
            {
                values[name] = value;
            }
        }

        return values;
    }

    public static string? FindOtherProduct(IReadOnlyDictionary<string, string> info) =>
        Marks.FirstOrDefault(mark => info.ContainsKey(mark.Name)).Product
        ?? (info.GetValueOrDefault("executable", string.Empty).Contains("keydb", StringComparison.Ordinal) ? "KeyDB" : null)
        ?? info.GetValueOrDefault("server_name") switch
        {
            null or "redis" or "valkey" => null,
            var name => name,
        };

    private static int? ReadCount(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;

    // Managed services forbid CONFIG, and the driver's command map may forbid it too. The setting is then unknown.
    private static async Task<string?> SettingAsync(IServer server, string name)
    {
        try
        {
            var reply = await server.ExecuteAsync("CONFIG", "GET", name).ConfigureAwait(false);
            return reply.Length == 2 ? (string?)reply[1] : null;
        }
        catch (Exception exception) when (exception is RedisServerException or RedisCommandException)
        {
            return null;
        }
    }
}
