using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Tests.Broken;

/// <summary>Lists something else than what is there.</summary>
internal sealed class MislistingStore(InMemoryMfaStore data, Func<IAsyncEnumerable<MfaSubject>, IAsyncEnumerable<MfaSubject>> list) : WrappedStore(data)
{
    public override IAsyncEnumerable<MfaSubject> ScanAsync(CancellationToken cancellationToken = default) => list(base.ScanAsync(cancellationToken));
}

internal sealed class ListingTheDeadStore(InMemoryMfaStore data, ConcurrentDictionary<MfaSubject, bool> known) : WrappedStore(data)
{
    public override ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        known[subject] = true;
        return base.TryWriteAsync(subject, document, newVersion, expected, cancellationToken);
    }

    public override IAsyncEnumerable<MfaSubject> ScanAsync(CancellationToken cancellationToken = default) => known.Keys.ToAsyncEnumerable();
}

/// <summary>Lists page by page, by the number of a row in an order that writes change.</summary>
internal sealed class OffsetPagingStore(InMemoryMfaStore data, ConcurrentDictionary<MfaSubject, long> order) : WrappedStore(data)
{
    private long _clock;

    public override async ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        var isWritten = await base.TryWriteAsync(subject, document, newVersion, expected, cancellationToken);
        order[subject] = Interlocked.Increment(ref _clock);
        return isWritten;
    }

    public override async ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default)
    {
        order.TryRemove(subject, out _);
        return await base.TryDeleteAsync(subject, expected, cancellationToken);
    }

    public override async IAsyncEnumerable<MfaSubject> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var offset = 0; ; offset += 100)
        {
            var page = order.OrderBy(row => row.Value).Skip(offset).Take(100).Select(row => row.Key).ToArray();
            foreach (var subject in page)
            {
                yield return subject;
            }

            if (page.Length == 0)
            {
                yield break;
            }

            await Task.Yield();
        }
    }
}

/// <summary>Lists a collection that must not change meanwhile.</summary>
internal sealed class FragileScanStore(InMemoryMfaStore data) : WrappedStore(data)
{
    private int _writes;

    public override ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _writes);
        return base.TryWriteAsync(subject, document, newVersion, expected, cancellationToken);
    }

    public override async IAsyncEnumerable<MfaSubject> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var writes = _writes;
        await foreach (var subject in base.ScanAsync(cancellationToken))
        {
            yield return writes == _writes ? subject : throw new InvalidOperationException("Collection was modified.");
        }
    }
}

/// <summary>Gives a connection back only at the end of a scan, of a hundred that there are.</summary>
internal sealed class LeakingScanStore(InMemoryMfaStore data) : WrappedStore(data)
{
    private int _free = 100;

    public override async IAsyncEnumerable<MfaSubject> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (Interlocked.Decrement(ref _free) < 0)
        {
            throw new TimeoutException("The pool is empty.");
        }

        await foreach (var subject in base.ScanAsync(cancellationToken))
        {
            yield return subject;
        }

        Interlocked.Increment(ref _free);
    }
}
