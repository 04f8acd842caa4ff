using System.Globalization;
using StackExchange.Redis;

namespace Callroute.Mfa.Redis;

/// <summary>One connection to one server, for a write and its confirmation.</summary>
/// <remarks>
/// WAIT and WAITAOF confirm only the writes of the connection that sends them. On another connection or server they succeed immediately and
/// confirm nothing. So this class follows no redirects, and accepts a confirmation only if the connection is still the one that sent the
/// write.
/// </remarks>
internal sealed class PrimaryConnection(IServer server, int database, long sockets, Confirmation confirmation, RedisMfaStoreOptions options)
{
    private const CommandFlags Flags = CommandFlags.DemandMaster | CommandFlags.NoRedirect;

    /// <summary>Counts the connections that the driver has opened to the server so far, including the current one.</summary>
    public static long CountSockets(IServer server) => server.GetCounters().Interactive.SocketCount;

    /// <summary>Whether everything that a reply returns or acknowledges is already durable.</summary>
    public bool RepliesWhenDurable => confirmation == Confirmation.Reply;

    public Task<RedisResult> EvaluateAsync(string script, string key, params RedisValue[] values) =>
        server.ExecuteAsync(database, "EVAL", Arguments(script, key, values), Flags);

    /// <summary>Runs a script without waiting for its reply.</summary>
    public void Send(string script, string key, params RedisValue[] values) =>
        _ = server.ExecuteAsync(database, "EVAL", Arguments(script, key, values), Flags | CommandFlags.FireAndForget);

    /// <summary>Waits until the writes of this connection are durable.</summary>
    /// <exception cref="TimeoutException">The writes were not confirmed in time; their outcome is unknown.</exception>
    /// <exception cref="IOException">The driver has reconnected since the write; its outcome is unknown.</exception>
    public async Task ConfirmAsync()
    {
        var (onDisk, replicas) = await WaitAsync().ConfigureAwait(false);
        if (CountSockets(server) != sockets)
        {
            throw new IOException(
                $"The connection to the Redis server {server.EndPoint} broke before a write was confirmed; its outcome is unknown.");
        }

        if (!onDisk || replicas < options.DurableReplicas)
        {
            var disk = onDisk ? string.Empty : " and not by its own disk";
            throw new TimeoutException(string.Create(
                CultureInfo.InvariantCulture,
                $"The Redis server {server.EndPoint} accepted a write, but it was confirmed by {replicas} of {options.DurableReplicas}"
                + $" replicas{disk} within {options.DurabilityTimeout}; its outcome is unknown."));
        }
    }

    private static object[] Arguments(string script, string key, RedisValue[] values) =>
        [script, 1, (RedisKey)key, .. values.Cast<object>()];

    private async Task<(bool OnDisk, long Replicas)> WaitAsync()
    {
        if (confirmation == Confirmation.Reply)
        {
            return (true, options.DurableReplicas);
        }

        var timeout = (long)Math.Ceiling(options.DurabilityTimeout.TotalMilliseconds);
        if (confirmation == Confirmation.Wait)
        {
            var confirmed = await server.ExecuteAsync(database, "WAIT", [options.DurableReplicas, timeout], Flags).ConfigureAwait(false);
            return (true, (long)confirmed);
        }

        var reply = await server.ExecuteAsync(database, "WAITAOF", [1, options.DurableReplicas, timeout], Flags).ConfigureAwait(false);
        var counts = (long[])reply!;
        return (counts[0] >= 1, counts[1]);
    }
}
