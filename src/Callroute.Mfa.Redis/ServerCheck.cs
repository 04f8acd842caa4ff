using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Callroute.Mfa.Redis;

/// <summary>Checks the settings of servers and logs those that can lose records.</summary>
internal sealed class ServerCheck(IConnectionMultiplexer redis, RedisMfaStoreOptions options, ILogger logger)
{
    /// <summary>Checks every connected primary.</summary>
    /// <returns>The warnings, and whether a primary was connected.</returns>
    /// <exception cref="InvalidOperationException">A server cannot meet RequireDurable.</exception>
    public async Task<(IReadOnlyList<string> Warnings, bool IsComplete)> CheckAllAsync()
    {
        var primaries = redis.GetServers().Where(server => server is { IsConnected: true, IsReplica: false }).ToArray();
        if (primaries.Length == 0)
        {
            return (["No Redis primary is connected: nothing was checked."], false);
        }

        var warnings = new List<string>();
        foreach (var server in primaries)
        {
            warnings.AddRange(options.RequireDurable
                ? (await CheckDurableAsync(server).ConfigureAwait(false)).Warnings
                : await CheckAsync(server).ConfigureAwait(false));
        }

        return (warnings, true);
    }

    /// <summary>Checks a server that must meet RequireDurable.</summary>
    public async Task<(IReadOnlyList<string> Warnings, Confirmation Confirmation)> CheckDurableAsync(IServer server)
    {
        var report = await ServerReport.ReadAsync(server).ConfigureAwait(false);
        var confirmation = DurabilityRule.Choose(report, options.DurableReplicas);
        return (Tell(server, DurabilityRule.Warnings(report, options)), confirmation);
    }

    // Without RequireDurable a failed check is only a warning: it must not stop a store that works.
    private async Task<IReadOnlyList<string>> CheckAsync(IServer server)
    {
        try
        {
            return Tell(server, DurabilityRule.Warnings(await ServerReport.ReadAsync(server).ConfigureAwait(false), options));
        }
        catch (Exception exception) when (exception is RedisException or RedisCommandException or TimeoutException)
        {
            return Tell(server, [$"its settings could not be read ({exception.GetType().Name})."]);
        }
    }

    private List<string> Tell(IServer server, IEnumerable<string> problems)
    {
        var warnings = new List<string>();
        foreach (var problem in problems)
        {
            Log.ServerProblem(logger, server.EndPoint.ToString()!, problem);
            warnings.Add($"Redis server {server.EndPoint}: {problem}");
        }

        return warnings;
    }
}
