using System.Collections.Concurrent;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Tests.Broken;

internal sealed class NeverDeletingStore(InMemoryMfaStore data) : WrappedStore(data)
{
    public override async ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default) =>
        (await FindAsync(subject, cancellationToken))?.Version == expected;
}

internal sealed class DeletingAnyVersionStore(InMemoryMfaStore data) : WrappedStore(data)
{
    public override ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default) =>
        ForceDeleteAsync(subject);
}

/// <summary>Holds that what is not there is deleted.</summary>
internal sealed class IdempotentDeleteStore(InMemoryMfaStore data) : WrappedStore(data)
{
    public override async ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default) =>
        await base.TryDeleteAsync(subject, expected, cancellationToken) || await FindAsync(subject, cancellationToken) is null;
}

/// <summary>Lets no subject come back.</summary>
internal sealed class TombstoneStore(InMemoryMfaStore data, ConcurrentDictionary<MfaSubject, bool> dead) : WrappedStore(data)
{
    public override ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default) =>
        dead.ContainsKey(subject) ? new(false) : base.TryWriteAsync(subject, document, newVersion, expected, cancellationToken);

    public override ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default)
    {
        dead[subject] = true;
        return base.TryDeleteAsync(subject, expected, cancellationToken);
    }
}

/// <summary>Deletes by the beginning of the key.</summary>
internal sealed class PrefixDeletingStore(InMemoryMfaStore data) : WrappedStore(data)
{
    public override async ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default)
    {
        var isDeleted = await base.TryDeleteAsync(subject, expected, cancellationToken);
        await foreach (var other in List.ScanAsync(cancellationToken))
        {
            if (isDeleted && other.Tenant == subject.Tenant && other.UserId.StartsWith(subject.UserId, StringComparison.Ordinal))
            {
                await ForceDeleteAsync(other);
            }
        }

        return isDeleted;
    }
}
