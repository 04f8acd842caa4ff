using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Callroute.Mfa.Redis;

/// <summary>Checks the settings of servers and logs those that can lose records, each once.</summary>
internal sealed class ServerCheck(IConnectionMultiplexer redis, RedisMfaStoreOptions options, ILogger logger)
{
    private readonly ConcurrentDictionary<string, bool> _logged = new(StringComparer.Ordinal);

    /// <summary>Checks every connected primary.</summary>
    /// <returns>The warnings, and whether a primary was connected.</returns>
    /// <exception cref="InvalidOperationException">A server cannot meet RequireDurable, or there are several primaries.</exception>
    /// <exception cref="NotSupportedException">A server is neither Redis nor Valkey.</exception>
    public async Task<(IReadOnlyList<string> Warnings, bool IsComplete)> CheckAllAsync()
    {
        RefuseSeveralPrimaries();
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

    /// <summary>Refuses to choose between several primaries. Call this before every use: it asks no server.</summary>
    /// <remarks>
    /// After a failover, a primary that hung may be back before it is told that it is a replica. The driver would use both in turn, and
    /// each would accept the same code.
    /// </remarks>
    /// <exception cref="InvalidOperationException">More than one primary outside a cluster is connected.</exception>
    public void RefuseSeveralPrimaries()
    {
        var primaries = redis.GetServers()
            .Where(server => server is { IsConnected: true, IsReplica: false, ServerType: ServerType.Standalone })
            .Select(server => server.EndPoint)
            .ToArray();
        if (primaries.Length > 1)
        {
            throw new InvalidOperationException(
                $"Several Redis servers say that they are the primary: {string.Join<EndPoint>(", ", primaries)}. A code could be accepted on"
                + " each of them, so the store uses none. After a failover this ends when the old primary becomes a replica. Otherwise"
                + " make all but one a replica, or connect to one server only.");
        }
    }

    /// <summary>Checks a server that must meet RequireDurable.</summary>
    public async Task<(IReadOnlyList<string> Warnings, Confirmation Confirmation)> CheckDurableAsync(IServer server)
    {
        var report = await ServerReport.ReadAsync(server).ConfigureAwait(false);
        DurabilityRule.RefuseOtherProducts(report);
        var confirmation = DurabilityRule.Choose(report, options.DurableReplicas);
        return (Tell(server, DurabilityRule.Warnings(report, options)), confirmation);
    }

    // Without RequireDurable a failed check is only a warning: it must not stop a store that works.
    private async Task<IReadOnlyList<string>> CheckAsync(IServer server)
    {
        try
        {
            var report = await ServerReport.ReadAsync(server).ConfigureAwait(false);
            DurabilityRule.RefuseOtherProducts(report);
            return Tell(server, DurabilityRule.Warnings(report, options));
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
            var warning = $"Redis server {server.EndPoint}: {problem}";
            if (_logged.TryAdd(warning, true))
            {
                Log.ServerProblem(logger, server.EndPoint.ToString()!, problem);
            }

            warnings.Add(warning);
        }

        return warnings;
    }
}
