using System.Globalization;
using StackExchange.Redis;

namespace Callroute.Mfa.Redis;

/// <summary>One connection to one server, for a write and the confirmation that belongs to it.</summary>
/// <remarks>
/// WAIT and WAITAOF speak of the writes of the connection that they are sent on: on another connection, or at another
/// server, they confirm at once what they know nothing of. So redirects are not followed, and a confirmation counts only where
/// the server is still reached by the connection that the write was sent on.
/// </remarks>
internal sealed class PrimaryConnection(IServer server, int database, long sockets, Confirmation confirmation, RedisMfaStoreOptions options)
{
    private const CommandFlags Flags = CommandFlags.DemandMaster | CommandFlags.NoRedirect;

    /// <summary>How many connections the driver has made to the server until now, the current one included.</summary>
    public static long CountSockets(IServer server) => server.GetCounters().Interactive.SocketCount;

    /// <summary>Whatever the server replies is durable already, what it read as well as what it wrote.</summary>
    public bool RepliesWhenDurable => confirmation == Confirmation.Reply;

    public Task<RedisResult> EvaluateAsync(string script, string key, params RedisValue[] values) =>
        server.ExecuteAsync(database, "EVAL", Arguments(script, key, values), Flags);

    /// <summary>Runs a script without waiting for its reply.</summary>
    public void Send(string script, string key, params RedisValue[] values) =>
        _ = server.ExecuteAsync(database, "EVAL", Arguments(script, key, values), Flags | CommandFlags.FireAndForget);

    /// <summary>Waits until what this connection wrote is durable.</summary>
    /// <exception cref="TimeoutException">It was not confirmed in time: the outcome is unknown.</exception>
    /// <exception cref="IOException">The connection was another meanwhile: the outcome is unknown.</exception>
    public async Task ConfirmAsync()
    {
        var (onDisk, replicas) = await WaitAsync().ConfigureAwait(false);
        if (CountSockets(server) != sockets)
        {
            throw new IOException($"The connection to the Redis server {server.EndPoint} broke before a write was confirmed; its outcome is unknown.");
        }

        if (!onDisk || replicas < options.DurableReplicas)
        {
            throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"The Redis server {server.EndPoint} took a write, but it was confirmed by {replicas} of {options.DurableReplicas} replicas{(onDisk ? string.Empty : " and not by its own disk")} within {options.DurabilityTimeout}; its outcome is unknown."));
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
            return (true, (long)await server.ExecuteAsync(database, "WAIT", [options.DurableReplicas, timeout], Flags).ConfigureAwait(false));
        }

        var counts = (long[])(await server.ExecuteAsync(database, "WAITAOF", [1, options.DurableReplicas, timeout], Flags).ConfigureAwait(false))!;
        return (counts[0] >= 1, counts[1]);
    }
}
