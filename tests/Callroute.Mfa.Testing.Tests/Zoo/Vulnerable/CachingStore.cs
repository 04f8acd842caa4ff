using System.Collections.Concurrent;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>A cache in front of the store, one a process, that compares versions itself and then writes through: the other processes' writes are overwritten (Dovecot's mistake, in a store).</summary>
internal sealed class CachingStore(ConcurrentDictionary<MfaSubject, StoredRecord> shared) : IMfaStore
{
    private readonly Dictionary<MfaSubject, StoredRecord> _cache = [];

    public ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_cache)
        {
            return new(Find(subject));
        }
    }

    public ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_cache)
        {
            if (Find(subject)?.Version != expected)
            {
                return new(false);
            }

            shared[subject] = _cache[subject] = new StoredRecord(document.ToArray(), newVersion);
            return new(true);
        }
    }

    public ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_cache)
        {
            return new(Find(subject)?.Version == expected && _cache.Remove(subject) && shared.TryRemove(subject, out _));
        }
    }

    private StoredRecord? Find(MfaSubject subject)
    {
        if (!_cache.TryGetValue(subject, out var cached) && shared.TryGetValue(subject, out cached))
        {
            _cache[subject] = cached;
        }

        return cached;
    }
}
