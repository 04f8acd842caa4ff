using System.Collections.Concurrent;
using System.Net;
using Callroute.Mfa.Storage;
using StackExchange.Redis;

namespace Callroute.Mfa.Redis;

/// <summary>Acknowledges a write only when it is confirmed as durable, and returns a record only when its last write is.</summary>
/// <remarks>
/// The hash in Redis names the version that was confirmed last. A reader that finds a newer version confirms it first, or throws. That
/// holds for every process, and for a writer that reads again after a failure. A deleted record cannot name a version, so this object
/// remembers the deletes that it has not seen confirmed. A server that syncs to disk before every reply needs none of this.
/// </remarks>
internal sealed class DurablePrimary(IConnectionMultiplexer redis, ServerCheck check, RedisMfaStoreOptions options) : IPrimary
{
    private readonly int _database = redis.GetDatabase().Database;
    private readonly ConcurrentDictionary<EndPoint, (long Sockets, Confirmation Confirmation)> _checked = new();
    private readonly ConcurrentDictionary<string, string> _unconfirmedDeletes = new(StringComparer.Ordinal);

    public async Task<StoredRecord?> FindAsync(string key)
    {
        var connection = await OpenAsync(key).ConfigureAwait(false);
        var deleted = _unconfirmedDeletes.GetValueOrDefault(key);
        var script = connection.RepliesWhenDurable ? Scripts.Find : Scripts.FindAndTouch;
        var values = (RedisValue[])(await connection.EvaluateAsync(script, key, deleted is null ? "0" : "1").ConfigureAwait(false))!;
        var found = RecordHash.Read(values);
        if (found is { IsConfirmed: false })
        {
            await ConfirmAsync(connection, key, found.Record.Version.ToString("N")).ConfigureAwait(false);
        }
        else if (found is null && deleted is not null)
        {
            await ConfirmDeleteAsync(connection, key, deleted).ConfigureAwait(false);
        }

        return found?.Record;
    }

    public async Task<bool> WriteAsync(string key, string expected, string version, byte[] document)
    {
        var connection = await OpenAsync(key).ConfigureAwait(false);
        var isWritten = (bool)await connection.EvaluateAsync(Scripts.Swap, key, expected, version, document).ConfigureAwait(false);
        if (isWritten)
        {
            await ConfirmAsync(connection, key, version).ConfigureAwait(false);
        }

        return isWritten;
    }

    public async Task<bool> DeleteAsync(string key, string expected)
    {
        var connection = await OpenAsync(key).ConfigureAwait(false);

        // Keep the entry even if this delete fails: another delete of the same version may have won and may be unconfirmed.
        _unconfirmedDeletes[key] = expected;
        var isDeleted = (bool)await connection.EvaluateAsync(Scripts.Delete, key, expected).ConfigureAwait(false);
        if (isDeleted)
        {
            await ConfirmDeleteAsync(connection, key, expected).ConfigureAwait(false);
        }

        return isDeleted;
    }

    private static async Task ConfirmAsync(PrimaryConnection connection, string key, string version)
    {
        await connection.ConfirmAsync().ConfigureAwait(false);

        if (!connection.RepliesWhenDurable)
        {
            // If this message is lost, the next reader confirms the version again, which is harmless.
            connection.Send(Scripts.Mark, key, version);
        }
    }

    private async Task ConfirmDeleteAsync(PrimaryConnection connection, string key, string expected)
    {
        await connection.ConfirmAsync().ConfigureAwait(false);
        _unconfirmedDeletes.TryRemove(new(key, expected));
    }

    // Check again after every reconnect: the server may have been promoted, or restarted with other settings.
    private async ValueTask<PrimaryConnection> OpenAsync(string key)
    {
        check.RefuseSeveralPrimaries();
        var server = redis.GetServer((RedisKey)key, flags: CommandFlags.DemandMaster);
        var sockets = PrimaryConnection.CountSockets(server);
        if (!_checked.TryGetValue(server.EndPoint, out var known) || known.Sockets != sockets)
        {
            known = (sockets, (await check.CheckDurableAsync(server).ConfigureAwait(false)).Confirmation);
            _checked[server.EndPoint] = known;
        }

        return new PrimaryConnection(server, _database, sockets, known.Confirmation, options);
    }
}
