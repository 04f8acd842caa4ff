using System.Collections.Concurrent;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Tests.Zoo.Bench;

/// <summary>A cache of one process that answers reads up to 5 s late and leaves every swap to the store. No store should, but it must cost no more than lost swaps (bar B-08).</summary>
internal sealed class ReadCacheStore(IMfaStore inner, TimeProvider clock) : IMfaStore
{
    private static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<MfaSubject, (StoredRecord Record, DateTimeOffset ReadAt)> _cache = new();

    public async ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default)
    {
        if (_cache.TryGetValue(subject, out var cached) && clock.GetUtcNow() - cached.ReadAt < TimeToLive)
        {
            return cached.Record;
        }

        var stored = await inner.FindAsync(subject, cancellationToken);
        if (stored is not null)
        {
            _cache[subject] = (stored, clock.GetUtcNow());
        }

        return stored;
    }

    public async ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        var isWritten = await inner.TryWriteAsync(subject, document, newVersion, expected, cancellationToken);
        _cache.TryRemove(subject, out _);
        return isWritten;
    }

    public async ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default)
    {
        var isDeleted = await inner.TryDeleteAsync(subject, expected, cancellationToken);
        _cache.TryRemove(subject, out _);
        return isDeleted;
    }
}
