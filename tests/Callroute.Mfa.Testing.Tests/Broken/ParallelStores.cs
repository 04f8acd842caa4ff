using System.Collections.Concurrent;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Tests.Broken;

/// <summary>Reads, checks, and then writes: another may come between.</summary>
internal class ReadCheckWriteStore(InMemoryMfaStore data) : WrappedStore(data)
{
    public override async ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        var isRight = (await FindAsync(subject, cancellationToken))?.Version == expected;
        await Task.Delay(1, cancellationToken);
        while (isRight && !await ForceAsync(subject, document, newVersion))
        {
        }

        return isRight;
    }

    public override async ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default)
    {
        var isRight = (await FindAsync(subject, cancellationToken))?.Version == expected;
        await Task.Delay(1, cancellationToken);
        while (isRight && await FindAsync(subject, cancellationToken) is not null)
        {
            await ForceDeleteAsync(subject);
        }

        return isRight;
    }
}

/// <summary>Leaves a document behind that nobody can take away: whoever waits for that must be told to stop.</summary>
internal sealed class TiredOfDeletingStore(InMemoryMfaStore data) : WrappedStore(data)
{
    private int _deletes;

    public override ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default) =>
        Interlocked.Increment(ref _deletes) > 3 ? new(false) : base.TryDeleteAsync(subject, expected, cancellationToken);
}

/// <summary>Reads, checks and writes behind a lock that each object has for itself.</summary>
internal sealed class LockPerObjectStore(InMemoryMfaStore data) : ReadCheckWriteStore(data), IDisposable
{
    private readonly SemaphoreSlim _lock = new(1);

    public override async ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        await _lock.WaitAsync(cancellationToken);
        try
        {
            return await base.TryWriteAsync(subject, document, newVersion, expected, cancellationToken);
        }
        finally
        {
            _lock.Release();
        }
    }

    public override async ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default)
    {
        await _lock.WaitAsync(cancellationToken);
        try
        {
            return await base.TryDeleteAsync(subject, expected, cancellationToken);
        }
        finally
        {
            _lock.Release();
        }
    }

    public void Dispose() => _lock.Dispose();
}

/// <summary>Tells now and then that a swap was lost which won.</summary>
internal sealed class DenyingStore(InMemoryMfaStore data) : WrappedStore(data)
{
    private int _swaps;

    public override async ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default) =>
        await base.TryWriteAsync(subject, document, newVersion, expected, cancellationToken)
        && (expected is null || Interlocked.Increment(ref _swaps) % 10 > 0);
}

/// <summary>Replaces by deleting and creating.</summary>
internal sealed class DeleteThenCreateStore(InMemoryMfaStore data) : WrappedStore(data)
{
    public override async ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        if (expected is { } version)
        {
            if (!await TryDeleteAsync(subject, version, cancellationToken))
            {
                return false;
            }

            await Task.Delay(1, cancellationToken);
        }

        return await base.TryWriteAsync(subject, document, newVersion, null, cancellationToken);
    }
}

/// <summary>Keeps versions and documents in two places.</summary>
internal sealed class TornStore(InMemoryMfaStore data, ConcurrentDictionary<MfaSubject, byte[]> documents) : WrappedStore(data)
{
    public override async ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        await base.FindAsync(subject, cancellationToken) is { } found ? new StoredRecord(documents.GetValueOrDefault(subject, []), found.Version) : null;

    public override async ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        var isWritten = await base.TryWriteAsync(subject, document, newVersion, expected, cancellationToken);
        await Task.Delay(1, cancellationToken);
        if (isWritten)
        {
            documents[subject] = document.ToArray();
        }

        return isWritten;
    }
}

/// <summary>Prepares every document in one place.</summary>
internal sealed class OneWriteBufferStore(InMemoryMfaStore data) : WrappedStore(data)
{
    private byte[] _document = [];

    public override async ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        _document = document.ToArray();
        await Task.Delay(1, cancellationToken);
        return await base.TryWriteAsync(subject, _document, newVersion, expected, cancellationToken);
    }
}
