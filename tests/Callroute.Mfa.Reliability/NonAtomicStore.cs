using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Reliability;

/// <summary>Compares and then writes, with time between them: the fault that a checker must find in a store.</summary>
internal sealed class NonAtomicStore(IMfaStore inner) : IMfaStore
{
    public ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        inner.FindAsync(subject, cancellationToken);

    public async ValueTask<bool> TryWriteAsync(
        MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        var current = await inner.FindAsync(subject, cancellationToken);
        if (current?.Version != expected)
        {
            return false;
        }

        do
        {
            current = await inner.FindAsync(subject, cancellationToken);
        }
        while (!await inner.TryWriteAsync(subject, document, newVersion, current?.Version, cancellationToken));
        return true;
    }

    public ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default) =>
        inner.TryDeleteAsync(subject, expected, cancellationToken);
}
