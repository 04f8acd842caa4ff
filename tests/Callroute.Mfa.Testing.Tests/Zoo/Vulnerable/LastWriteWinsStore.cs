using System.Collections.Concurrent;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>A store that writes whatever it is given and compares nothing.</summary>
/// <remarks>A write is a round trip to the database.</remarks>
internal sealed class LastWriteWinsStore : IMfaStore
{
    private readonly ConcurrentDictionary<MfaSubject, StoredRecord> _records = new();

    public ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(_records.GetValueOrDefault(subject));
    }

    public async ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await RoundTrip.TakeAsync();
        _records[subject] = new StoredRecord(document.ToArray(), newVersion);
        return true;
    }

    public ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(_records.TryRemove(subject, out _));
    }
}
