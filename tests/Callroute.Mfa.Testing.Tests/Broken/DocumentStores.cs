using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Tests.Broken;

/// <summary>Takes a document of no bytes for none.</summary>
internal sealed class EmptyIsNothingStore(InMemoryMfaStore data) : WrappedStore(data)
{
    public override async ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        await base.FindAsync(subject, cancellationToken) is { Document.Length: > 0 } found ? found : null;
}

/// <summary>Writes over the older document without cutting it.</summary>
internal sealed class OverwritingStore(InMemoryMfaStore data) : WrappedStore(data)
{
    public override async ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        var old = (await FindAsync(subject, cancellationToken))?.Document ?? default;
        return await base.TryWriteAsync(subject, (byte[])[.. document.Span, .. old.Span[Math.Min(document.Length, old.Length)..]], newVersion, expected, cancellationToken);
    }
}

/// <summary>Keeps the buffer of its caller.</summary>
internal sealed class BufferKeepingStore(InMemoryMfaStore data, ConcurrentDictionary<Guid, ReadOnlyMemory<byte>> buffers) : WrappedStore(data)
{
    public override async ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        await base.FindAsync(subject, cancellationToken) is { } found ? new StoredRecord(buffers[found.Version], found.Version) : null;

    public override ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        buffers[newVersion] = document;
        return base.TryWriteAsync(subject, document, newVersion, expected, cancellationToken);
    }
}

/// <summary>Writes the array behind the memory.</summary>
internal sealed class WholeArrayStore(InMemoryMfaStore data) : WrappedStore(data)
{
    public override ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default) =>
        base.TryWriteAsync(subject, MemoryMarshal.TryGetArray(document, out var segment) ? segment.Array : document, newVersion, expected, cancellationToken);
}

/// <summary>Reads every document into one buffer.</summary>
internal sealed class OneReadBufferStore(InMemoryMfaStore data) : WrappedStore(data)
{
    private readonly byte[] _buffer = new byte[1 << 21];

    public override async ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default)
    {
        if (await base.FindAsync(subject, cancellationToken) is not { } found)
        {
            return null;
        }

        found.Document.CopyTo(_buffer);
        return new StoredRecord(_buffer.AsMemory(0, found.Document.Length), found.Version);
    }
}
