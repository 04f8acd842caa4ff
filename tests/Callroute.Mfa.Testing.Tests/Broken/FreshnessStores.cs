using System.Collections.Concurrent;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Tests.Broken;

/// <summary>Remembers what it read: documents, or also that there was none.</summary>
internal sealed class CachingStore(InMemoryMfaStore data, bool keepsOwnWrites, bool keepsNothing) : WrappedStore(data)
{
    private readonly ConcurrentDictionary<MfaSubject, StoredRecord?> _cache = new();

    public override async ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default)
    {
        if (_cache.TryGetValue(subject, out var cached))
        {
            return cached;
        }

        var found = await base.FindAsync(subject, cancellationToken);
        if (keepsNothing == found is null)
        {
            _cache[subject] = found;
        }

        return found;
    }

    public override ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        if (!keepsOwnWrites)
        {
            _cache.TryRemove(subject, out _);
        }

        return base.TryWriteAsync(subject, document, newVersion, expected, cancellationToken);
    }
}

/// <summary>Writes to the data when the next call comes.</summary>
internal sealed class WriteBehindStore(InMemoryMfaStore data) : WrappedStore(data)
{
    private Func<ValueTask<bool>> _behind = () => new(true);

    public override async ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default)
    {
        await FlushAsync();
        return await base.FindAsync(subject, cancellationToken);
    }

    public override async ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        if ((await FindAsync(subject, cancellationToken))?.Version != expected)
        {
            return false;
        }

        var copy = document.ToArray();
        _behind = () => base.TryWriteAsync(subject, copy, newVersion, expected, cancellationToken);
        return true;
    }

    public override async ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default)
    {
        await FlushAsync();
        return await base.TryDeleteAsync(subject, expected, cancellationToken);
    }

    private async ValueTask FlushAsync()
    {
        var behind = _behind;
        _behind = () => new(true);
        await behind();
    }
}

/// <summary>Reads from a copy that has all but the last write of a subject.</summary>
internal sealed class LaggingStore(InMemoryMfaStore data, ConcurrentDictionary<MfaSubject, StoredRecord?> copy) : WrappedStore(data)
{
    public override async ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        return copy.GetValueOrDefault(subject);
    }

    public override async ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        copy[subject] = await base.FindAsync(subject, cancellationToken);
        return await base.TryWriteAsync(subject, document, newVersion, expected, cancellationToken);
    }
}

/// <summary>Drops the oldest record for the thousand-and-first.</summary>
internal sealed class BoundedStore(InMemoryMfaStore data, ConcurrentQueue<MfaSubject> order) : WrappedStore(data)
{
    public override async ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        var isWritten = await base.TryWriteAsync(subject, document, newVersion, expected, cancellationToken);
        if (isWritten && expected is null)
        {
            order.Enqueue(subject);
        }

        if (order.Count > 1000 && order.TryDequeue(out var oldest))
        {
            await ForceDeleteAsync(oldest);
        }

        return isWritten;
    }
}
