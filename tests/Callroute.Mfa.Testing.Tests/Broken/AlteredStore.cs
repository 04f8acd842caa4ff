using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Tests.Broken;

/// <summary>The arguments of a write.</summary>
internal readonly record struct WriteCall(
    MfaSubject Subject, ReadOnlyMemory<byte> Document, Guid Version, Guid? Expected, CancellationToken Token);

/// <summary>The arguments of a delete.</summary>
internal readonly record struct DeleteCall(MfaSubject Subject, Guid Expected, CancellationToken Token);

/// <summary>Passes every call on to another store, except those that a property replaces.</summary>
internal class AlteredStore(IMfaStore inner) : IMfaStore, IMfaStoreScan
{
    public Func<MfaSubject, CancellationToken, ValueTask<StoredRecord?>> Find { get; init; } = inner.FindAsync;

    public Func<WriteCall, ValueTask<bool>> Write { get; init; } = inner.WriteAsync;

    public Func<DeleteCall, ValueTask<bool>> Delete { get; init; } = inner.DeleteAsync;

    public Func<CancellationToken, IAsyncEnumerable<MfaSubject>> Scan { get; init; } = inner.Subjects;

    public ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        Find(subject, cancellationToken);

    public ValueTask<bool> TryWriteAsync(
        MfaSubject subject,
        ReadOnlyMemory<byte> document,
        Guid newVersion,
        Guid? expected,
        CancellationToken cancellationToken = default) =>
        Write(new(subject, document, newVersion, expected, cancellationToken));

    public ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default) =>
        Delete(new(subject, expected, cancellationToken));

    public IAsyncEnumerable<MfaSubject> ScanAsync(CancellationToken cancellationToken = default) => Scan(cancellationToken);
}
