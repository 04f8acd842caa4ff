using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Callroute.Mfa.Storage;

/// <summary>Keeps documents in the memory of one process: for tests, demonstrations and single-process tools.</summary>
/// <remarks>Thread-safe. Nothing survives the process.</remarks>
public sealed class InMemoryMfaStore : IMfaStore, IMfaStoreScan
{
    private readonly ConcurrentDictionary<MfaSubject, StoredRecord> _records = new();

    /// <inheritdoc/>
    public ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(_records.GetValueOrDefault(subject));
    }

    /// <inheritdoc/>
    public ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, RecordVersion newVersion, RecordVersion? expected, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var written = new StoredRecord(document.ToArray(), newVersion);
        return new(expected is null
            ? _records.TryAdd(subject, written)
            : _records.TryGetValue(subject, out var current) && current.Version == expected && _records.TryUpdate(subject, written, current));
    }

    /// <inheritdoc/>
    public ValueTask<bool> TryDeleteAsync(MfaSubject subject, RecordVersion expected, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(_records.TryGetValue(subject, out var current) && current.Version == expected && _records.TryRemove(new(subject, current)));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<MfaSubject> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var subject in _records.Keys)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return subject;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }
}
