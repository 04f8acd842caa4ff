using System.Collections.Concurrent;
using System.Net;
using Callroute.Mfa.Storage;
using StackExchange.Redis;

namespace Callroute.Mfa.Redis;

/// <summary>Tells a write only when it is confirmed, and a record only when its last write is.</summary>
/// <remarks>
/// The hash itself says which version was confirmed last. Whoever reads another one, the writer that asks after a failure as
/// well as another process, has it confirmed first, or gets an exception. A record that is gone cannot say so: the
/// deletes that this process does not know to be confirmed are kept here. A server whose every reply follows the fsync of
/// all that went before needs no such marks.
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

        // Stays where the delete is lost: another one of the same version may have won and wait for its confirmation.
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
            // Where this mark is lost, the next reader asks for one more confirmation.
            connection.Send(Scripts.Mark, key, version);
        }
    }

    private async Task ConfirmDeleteAsync(PrimaryConnection connection, string key, string expected)
    {
        await connection.ConfirmAsync().ConfigureAwait(false);
        _unconfirmedDeletes.TryRemove(new(key, expected));
    }

    // A new connection may lead to a server that was promoted, or started again with other settings.
    private async ValueTask<PrimaryConnection> OpenAsync(string key)
    {
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
