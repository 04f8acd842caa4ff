using System.Collections.Concurrent;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>A store that drops what was not written for 60 s, as a cache does (Infisical's memory, taken for a store).</summary>
internal sealed class ExpiringStore(TimeProvider clock) : IMfaStore
{
    private static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(60);

    private readonly IMfaStore _inner = new InMemoryMfaStore();
    private readonly ConcurrentDictionary<MfaSubject, DateTimeOffset> _expiries = new();

    public async ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default)
    {
        var stored = await _inner.FindAsync(subject, cancellationToken);
        if (stored is null || clock.GetUtcNow() < _expiries[subject])
        {
            return stored;
        }

        await _inner.TryDeleteAsync(subject, stored.Version, cancellationToken);
        return null;
    }

    public ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        _expiries[subject] = clock.GetUtcNow() + TimeToLive;
        return _inner.TryWriteAsync(subject, document, newVersion, expected, cancellationToken);
    }

    public ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default) =>
        _inner.TryDeleteAsync(subject, expected, cancellationToken);
}
