using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Callroute.Mfa.Storage;

/// <summary>Stores documents in the memory of one process: for tests, demonstrations and single-process tools.</summary>
/// <remarks>Thread-safe. Everything is lost when the process ends. Use it through <see cref="IMfaStore"/>.</remarks>
public sealed class InMemoryMfaStore : IMfaStore, IMfaStoreScan
{
    private readonly ConcurrentDictionary<MfaSubject, StoredRecord> _records = new();

    ValueTask<StoredRecord?> IMfaStore.FindAsync(MfaSubject subject, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(_records.GetValueOrDefault(subject));
    }

    ValueTask<bool> IMfaStore.TryWriteAsync(
        MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var written = new StoredRecord(document.ToArray(), newVersion);
        return new(expected is { } version
            ? Find(subject, version) is { } current && _records.TryUpdate(subject, written, current)
            : _records.TryAdd(subject, written));
    }

    ValueTask<bool> IMfaStore.TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Find(subject, expected) is { } current && _records.TryRemove(new(subject, current)));
    }

    async IAsyncEnumerable<MfaSubject> IMfaStoreScan.ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var subject in _records.Keys)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return subject;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    private StoredRecord? Find(MfaSubject subject, Guid version) =>
        _records.TryGetValue(subject, out var current) && current.Version == version ? current : null;
}
