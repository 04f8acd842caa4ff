using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Tests.Broken;

internal sealed class InventingStore(InMemoryMfaStore data) : WrappedStore(data)
{
    public override async ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        await base.FindAsync(subject, cancellationToken) ?? new StoredRecord("{}"u8.ToArray(), Guid.NewGuid());
}

internal sealed class ForgettingStore(InMemoryMfaStore data) : WrappedStore(data)
{
    public override ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default) =>
        new(true);
}

internal sealed class UpsertingStore(InMemoryMfaStore data) : WrappedStore(data)
{
    public override ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default) =>
        expected is null ? ForceAsync(subject, document, newVersion) : base.TryWriteAsync(subject, document, newVersion, expected, cancellationToken);
}

internal sealed class LastWriteWinsStore(InMemoryMfaStore data) : WrappedStore(data)
{
    public override async ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default) =>
        expected is not null && await base.FindAsync(subject, cancellationToken) is not null
            ? await ForceAsync(subject, document, newVersion)
            : await base.TryWriteAsync(subject, document, newVersion, expected, cancellationToken);
}

internal sealed class CreatingSwapStore(InMemoryMfaStore data) : WrappedStore(data)
{
    public override async ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default) =>
        await base.TryWriteAsync(subject, document, newVersion, await base.FindAsync(subject, cancellationToken) is null ? null : expected, cancellationToken);
}

/// <summary>Replaces the document and keeps the version.</summary>
internal sealed class VersionKeepingStore(InMemoryMfaStore data) : WrappedStore(data)
{
    public override ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default) =>
        base.TryWriteAsync(subject, document, expected ?? newVersion, expected, cancellationToken);
}

/// <summary>Looks for the expected version in the whole table.</summary>
internal sealed class AnyRowStore(InMemoryMfaStore data) : WrappedStore(data)
{
    public override async ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        await foreach (var other in List.ScanAsync(cancellationToken))
        {
            if (expected is not null && (await Data.FindAsync(other, cancellationToken))?.Version == expected)
            {
                return await ForceAsync(subject, document, newVersion);
            }
        }

        return await base.TryWriteAsync(subject, document, newVersion, expected, cancellationToken);
    }
}

/// <summary>Writes nothing where the document is equal: with <paramref name="checks"/> only after the check.</summary>
internal sealed class EqualSkippingStore(InMemoryMfaStore data, bool checks) : WrappedStore(data)
{
    public override async ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        var isEqual = await base.FindAsync(subject, cancellationToken) is { } stored
            && stored.Document.Span.SequenceEqual(document.Span)
            && (!checks || stored.Version == expected);
        return isEqual || await base.TryWriteAsync(subject, document, newVersion, expected, cancellationToken);
    }
}

/// <summary>Compares a counter in place of the version.</summary>
internal sealed class RevisionStore(InMemoryMfaStore data, System.Collections.Concurrent.ConcurrentDictionary<Guid, int> revisions, int modulus) : WrappedStore(data)
{
    public override async ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        revisions[newVersion] = expected is { } version ? RevisionOf(version) + 1 : 0;
        return await base.TryWriteAsync(subject, document, newVersion, await LikeAsync(subject, expected), cancellationToken);
    }

    public override async ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default) =>
        await base.TryDeleteAsync(subject, await LikeAsync(subject, expected) ?? expected, cancellationToken);

    private async ValueTask<Guid?> LikeAsync(MfaSubject subject, Guid? expected) =>
        expected is { } version && (await Data.FindAsync(subject))?.Version is { } current && RevisionOf(current) % modulus == RevisionOf(version) % modulus ? current : expected;

    private int RevisionOf(Guid version) => revisions.GetValueOrDefault(version, -1);
}

internal sealed class ThrowingWhenLostStore(InMemoryMfaStore data) : WrappedStore(data)
{
    public override async ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default) =>
        await base.TryWriteAsync(subject, document, newVersion, expected, cancellationToken) ? true : throw new InvalidOperationException("Duplicate key.");
}

internal sealed class UserSharingStore(InMemoryMfaStore data) : WrappedStore(data)
{
    public override async ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default)
    {
        var isDeleted = await base.TryDeleteAsync(subject, expected, cancellationToken);
        await foreach (var other in List.ScanAsync(cancellationToken))
        {
            if (isDeleted && other.UserId == subject.UserId)
            {
                await ForceDeleteAsync(other);
            }
        }

        return isDeleted;
    }
}
