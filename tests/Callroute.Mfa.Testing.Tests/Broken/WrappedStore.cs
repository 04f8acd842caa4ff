using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Tests.Broken;

/// <summary>A right store, of which each broken one spoils something.</summary>
internal abstract class WrappedStore(InMemoryMfaStore data) : IMfaStore, IMfaStoreScan
{
    protected IMfaStore Data => data;

    protected IMfaStoreScan List => data;

    public virtual ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        Data.FindAsync(subject, cancellationToken);

    public virtual ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default) =>
        Data.TryWriteAsync(subject, document, newVersion, expected, cancellationToken);

    public virtual ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default) =>
        Data.TryDeleteAsync(subject, expected, cancellationToken);

    public virtual IAsyncEnumerable<MfaSubject> ScanAsync(CancellationToken cancellationToken = default) => List.ScanAsync(cancellationToken);

    /// <summary>Writes whatever the stored version is.</summary>
    protected async ValueTask<bool> ForceAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid version) =>
        await Data.TryWriteAsync(subject, document, version, (await Data.FindAsync(subject))?.Version);

    /// <summary>Deletes whatever the stored version is.</summary>
    protected async ValueTask<bool> ForceDeleteAsync(MfaSubject subject) =>
        await Data.FindAsync(subject) is { } stored && await Data.TryDeleteAsync(subject, stored.Version);
}
