using Callroute.Mfa.Storage;

namespace Callroute.Mfa.StoreProbe;

/// <summary>Counts the compare-and-swaps that are tried.</summary>
public sealed class CountingStore(IMfaStore inner) : IMfaStore
{
    private int _swaps;

    /// <summary>How many were tried.</summary>
    public int Swaps => Volatile.Read(ref _swaps);

    public ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        inner.FindAsync(subject, cancellationToken);

    public ValueTask<bool> TryWriteAsync(
        MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _swaps);
        return inner.TryWriteAsync(subject, document, newVersion, expected, cancellationToken);
    }

    public ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default) =>
        inner.TryDeleteAsync(subject, expected, cancellationToken);
}
