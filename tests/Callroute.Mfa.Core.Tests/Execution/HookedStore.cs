using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Core.Tests.Execution;

/// <summary>An in-memory store that runs a hook around each call.</summary>
internal sealed class HookedStore : IMfaStore, IMfaStoreScan
{
    private readonly IMfaStore _inner = new InMemoryMfaStore();

    /// <summary>Receives the result of the read, and returns the result for the caller.</summary>
    public Func<MfaSubject, StoredRecord?, StoredRecord?>? OnFind { get; set; }

    /// <summary>Receives the write, may run it, and returns the result for the caller.</summary>
    public Func<Func<ValueTask<bool>>, ValueTask<bool>>? OnWrite { get; set; }

    /// <summary>Receives the delete, may run it, and returns the result for the caller.</summary>
    public Func<Func<ValueTask<bool>>, ValueTask<bool>>? OnDelete { get; set; }

    public async ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var stored = await _inner.FindAsync(subject, cancellationToken);
        return OnFind is null ? stored : OnFind(subject, stored);
    }

    public ValueTask<bool> TryWriteAsync(
        MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        ValueTask<bool> Write() => _inner.TryWriteAsync(subject, document, newVersion, expected, cancellationToken);
        return OnWrite is null ? Write() : OnWrite(Write);
    }

    public ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default)
    {
        ValueTask<bool> Delete() => _inner.TryDeleteAsync(subject, expected, cancellationToken);
        return OnDelete is null ? Delete() : OnDelete(Delete);
    }

    public IAsyncEnumerable<MfaSubject> ScanAsync(CancellationToken cancellationToken = default) =>
        ((IMfaStoreScan)_inner).ScanAsync(cancellationToken);
}
