using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Tests.Broken;

/// <summary>A right store, of which each broken one spoils something.</summary>
internal abstract class WrappedStore(InMemoryMfaStore data) : IMfaStore, IMfaStoreScan
{
    protected InMemoryMfaStore Data => data;

    public virtual ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        data.FindAsync(subject, cancellationToken);

    public virtual ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, RecordVersion newVersion, RecordVersion? expected, CancellationToken cancellationToken = default) =>
        data.TryWriteAsync(subject, document, newVersion, expected, cancellationToken);

    public virtual ValueTask<bool> TryDeleteAsync(MfaSubject subject, RecordVersion expected, CancellationToken cancellationToken = default) =>
        data.TryDeleteAsync(subject, expected, cancellationToken);

    public virtual IAsyncEnumerable<MfaSubject> ScanAsync(CancellationToken cancellationToken = default) => data.ScanAsync(cancellationToken);

    /// <summary>Writes whatever the stored version is.</summary>
    protected async ValueTask<bool> ForceAsync(MfaSubject subject, ReadOnlyMemory<byte> document, RecordVersion version) =>
        await data.TryWriteAsync(subject, document, version, (await data.FindAsync(subject))?.Version);

    /// <summary>Deletes whatever the stored version is.</summary>
    protected async ValueTask<bool> ForceDeleteAsync(MfaSubject subject) =>
        await data.FindAsync(subject) is { } stored && await data.TryDeleteAsync(subject, stored.Version);
}
