using System.Runtime.CompilerServices;
using Callroute.Mfa.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace Callroute.Mfa.Redis;

/// <summary>Keeps records in Redis or Redis Cluster: one key a subject, one server-side script a swap, nothing that expires.</summary>
/// <remarks>
/// <para>
/// Thread-safe; one serves an application. Records are in the connection's default database. Only primaries are read.
/// Whatever goes wrong leaves as an exception, with an unknown outcome, and never as an answer: a server that is away or
/// loads its data, a time-out, a key that moves, a primary that became a replica, memory that is full. When the server is
/// back the same store goes on.
/// </para>
/// <para>
/// The driver cannot cancel what it has sent: a token that is cancelled already stops a call before it is sent; later a read
/// stops waiting, and a write goes on to its end or to the driver's time-out.
/// </para>
/// <para>
/// Not durable unless <see cref="RedisMfaStoreOptions.RequireDurable"/> is set, and then as durable as this: with WAITAOF
/// (Redis 7.2) a write is told when it is on the disk of the primary and of <see cref="RedisMfaStoreOptions.DurableReplicas"/>
/// replicas; before 7.2, by WAIT, when it is in the memory of that many replicas; before 7.2 without replicas, when the
/// server itself fsyncs before it replies (<c>appendfsync always</c>, <c>no-appendfsync-on-rewrite no</c>). The append-only
/// file must be on and <c>maxmemory-policy</c> be <c>noeviction</c>. A confirmation blocks its connection: give the store
/// a multiplexer of its own.
/// </para>
/// </remarks>
public sealed class RedisMfaStore : IMfaStore, IMfaStoreScan
{
    private const int ScanPageSize = 1000;

    private readonly IConnectionMultiplexer _redis;
    private readonly RedisMfaStoreOptions _options;
    private readonly ServerCheck _check;
    private readonly IPrimary _primary;

    /// <summary>Makes a store. Nothing is sent until its first use.</summary>
    /// <param name="redis">The connection, which stays the caller's. Set <c>AbortOnConnectFail</c> to false, so that it outlives a server that is away at the start.</param>
    /// <param name="options">The settings; the defaults where null.</param>
    /// <param name="logger">What warnings about a server's settings go to; nothing where null.</param>
    /// <exception cref="ArgumentNullException">The connection is null.</exception>
    public RedisMfaStore(IConnectionMultiplexer redis, RedisMfaStoreOptions? options = null, ILogger<RedisMfaStore>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(redis);
        _redis = redis;
        _options = options ?? new RedisMfaStoreOptions();
        _check = new ServerCheck(redis, _options, logger ?? NullLogger<RedisMfaStore>.Instance);
        _primary = _options.RequireDurable ? new DurablePrimary(redis, _check, _options) : new PlainPrimary(redis, _check);
    }

    /// <summary>Whether a write is told only when it is durable: <see cref="RedisMfaStoreOptions.RequireDurable"/>.</summary>
    public bool IsDurable => _options.RequireDurable;

    /// <summary>Asks every connected primary for its settings, and logs what may cost records.</summary>
    /// <remarks>The first use of a store does so too; call it at the start to see it earlier.</remarks>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The warnings, each with the server, the setting and what to do; empty where all is well. That no primary is connected is one of them, and is not logged.</returns>
    /// <exception cref="InvalidOperationException">Durability is required and a server cannot keep the promise: the message names the setting.</exception>
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
    public async ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();

        // A copy: after a time-out the driver may still send what the caller has back.
        return await _primary.WriteAsync(KeyOf(subject), expected?.ToString("N") ?? string.Empty, newVersion.ToString("N"), document.ToArray()).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await _primary.DeleteAsync(KeyOf(subject), expected.ToString("N")).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>Goes over all primaries, and fails where one of them is away. A key that moves to another node meanwhile may be missed.</remarks>
    public async IAsyncEnumerable<MfaSubject> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var database = _redis.GetDatabase().Database;
        foreach (var server in _redis.GetServers().Where(server => !server.IsReplica))
        {
            // The prefix holds no character that a pattern gives a meaning to.
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
