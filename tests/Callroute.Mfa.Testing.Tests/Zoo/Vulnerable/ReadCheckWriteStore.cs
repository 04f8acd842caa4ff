using System.Collections.Concurrent;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>A store that reads the version, compares it, and then writes: others write in between (Gitea).</summary>
/// <remarks>Between the two statements lies a round trip to the database.</remarks>
internal sealed class ReadCheckWriteStore : IMfaStore
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
        if (_records.GetValueOrDefault(subject)?.Version != expected)
        {
            return false;
        }

        await RoundTrip.TakeAsync();
        _records[subject] = new StoredRecord(document.ToArray(), newVersion);
        return true;
    }

    public async ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_records.GetValueOrDefault(subject)?.Version != expected)
        {
            return false;
        }

        await RoundTrip.TakeAsync();
        return _records.TryRemove(subject, out _);
    }
}
