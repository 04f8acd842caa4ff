using System.Runtime.CompilerServices;
using Callroute.Mfa.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace Callroute.Mfa.Redis;

/// <summary>
/// Stores records in Redis or Redis Cluster: one key for each subject, one server-side script for each change, no expiry.
/// </summary>
/// <remarks>
/// <para>
/// Thread-safe: create one per application. Records are in the connection's default database, and the store reads only primaries. Every
/// failure is an exception with an unknown outcome: an unreachable or loading server, a time-out, a moving key, a primary that became a
/// replica, two primaries at the same time outside a cluster, full memory. The same store works again when the server does.
/// </para>
/// <para>
/// The driver cannot cancel a command that it has sent. A token that is cancelled before the call prevents the command. A token that is
/// cancelled later ends the wait of a read, but a write continues to its end or to the driver's time-out.
/// </para>
/// <para>
/// The store is durable only with <see cref="RedisMfaStoreOptions.RequireDurable"/>. The server must then have <c>appendonly yes</c> and
/// <c>maxmemory-policy noeviction</c>. From Redis 7.2 on, a write returns when it is on the disks of the primary and of
/// <see cref="RedisMfaStoreOptions.DurableReplicas"/> replicas (WAITAOF). On earlier versions it returns when it is in the memory of that
/// many replicas (WAIT), or without replicas when the server has synced it before its reply (<c>appendfsync always</c>,
/// <c>no-appendfsync-on-rewrite no</c>). A confirmation blocks its connection, so give the store its own multiplexer.
/// </para>
/// </remarks>
public sealed class RedisMfaStore : IMfaStore, IMfaStoreScan, IMfaStoreCheck
{
    private const int ScanPageSize = 1000;

    private readonly IConnectionMultiplexer _redis;
    private readonly RedisMfaStoreOptions _options;
    private readonly ServerCheck _check;
    private readonly IPrimary _primary;

    /// <summary>Creates a store without sending anything to a server.</summary>
    /// <param name="redis">
    /// The connection. The caller owns and disposes it. Set its <c>AbortOnConnectFail</c> to false, so that the application can start while
    /// a server is unreachable.
    /// </param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <param name="logger">Receives the warnings about a server's settings; null for no log.</param>
    /// <exception cref="ArgumentNullException"><paramref name="redis"/> is null.</exception>
    public RedisMfaStore(IConnectionMultiplexer redis, RedisMfaStoreOptions? options = null, ILogger<RedisMfaStore>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(redis);
        _redis = redis;
        _options = options ?? new RedisMfaStoreOptions();
        _check = new ServerCheck(redis, _options, logger ?? NullLogger<RedisMfaStore>.Instance);
        _primary = _options.RequireDurable ? new DurablePrimary(redis, _check, _options) : new PlainPrimary(redis, _check);
    }

    /// <summary>Checks the settings of every connected primary and logs those that can lose records.</summary>
    /// <remarks>The first use of a store does the same. Call this method when the application starts to see problems earlier.</remarks>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>
    /// The warnings, each with the server, the setting and the remedy; empty if there are none. If no primary is connected, the only
    /// warning says so, and it is not logged.
    /// </returns>
    /// <exception cref="InvalidOperationException">
    /// <see cref="RedisMfaStoreOptions.RequireDurable"/> is set and a server cannot meet it, or outside a cluster several servers say that
    /// they are the primary. The message names the setting or the servers.
    /// </exception>
    /// <exception cref="NotSupportedException">A server is neither Redis nor Valkey.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return (await _check.CheckAllAsync().WaitAsync(cancellationToken).ConfigureAwait(false)).Warnings;
    }

    /// <inheritdoc/>
    public async ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await _primary.FindAsync(KeyOf(subject)).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryWriteAsync(
        MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var expectedText = expected?.ToString("N") ?? string.Empty;

        // Copy the document: after a time-out the caller may reuse its buffer while the driver still sends it.
        return await _primary.WriteAsync(KeyOf(subject), expectedText, newVersion.ToString("N"), document.ToArray()).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await _primary.DeleteAsync(KeyOf(subject), expected.ToString("N")).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Scans all primaries and throws if one is unreachable. A key that moves to another node during the scan may be missing.
    /// </remarks>
    public async IAsyncEnumerable<MfaSubject> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        _check.RefuseSeveralPrimaries();
        var database = _redis.GetDatabase().Database;
        foreach (var server in _redis.GetServers().Where(server => !server.IsReplica))
        {
            // The prefix needs no escaping: it contains no character that is special in a pattern.
            var keys = server.KeysAsync(database, $"{_options.KeyPrefix}{{*", ScanPageSize, flags: CommandFlags.DemandMaster);
            await foreach (var key in keys.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                if (SubjectKey.TryParse(_options.KeyPrefix, key.ToString(), out var subject))
                {
                    yield return subject;
                }
            }
        }
    }

    private string KeyOf(MfaSubject subject) => SubjectKey.Format(_options.KeyPrefix, subject);
}
