using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Tests.Broken;

internal sealed class NeverCancelledStore(InMemoryMfaStore data) : WrappedStore(data)
{
    public override ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) => base.FindAsync(subject, CancellationToken.None);

    public override ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default) =>
        base.TryWriteAsync(subject, document, newVersion, expected, CancellationToken.None);

    public override ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default) =>
        base.TryDeleteAsync(subject, expected, CancellationToken.None);

    public override IAsyncEnumerable<MfaSubject> ScanAsync(CancellationToken cancellationToken = default) => base.ScanAsync(CancellationToken.None);
}

/// <summary>Looks at the token when all is done.</summary>
internal sealed class LateCancelledStore(InMemoryMfaStore data) : WrappedStore(data)
{
    public override async ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        var isWritten = await base.TryWriteAsync(subject, document, newVersion, expected, CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        return isWritten;
    }

    public override async ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default)
    {
        var isDeleted = await base.TryDeleteAsync(subject, expected, CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        return isDeleted;
    }
}
