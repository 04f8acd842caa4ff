namespace Callroute.Mfa.Storage;

/// <summary>A stored document with the version of its last write.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
/// <param name="document">UTF-8 JSON, opaque to a store. Do not change these bytes afterwards.</param>
/// <param name="version">The version that the next write or delete must expect.</param>
public sealed class StoredRecord(ReadOnlyMemory<byte> document, Guid version)
{
    /// <summary>UTF-8 JSON, opaque to a store.</summary>
    public ReadOnlyMemory<byte> Document { get; } = document;

    /// <summary>The version that the next write or delete must expect.</summary>
    public Guid Version { get; } = version;
}
