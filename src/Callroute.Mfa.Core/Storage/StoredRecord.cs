namespace Callroute.Mfa.Storage;

/// <summary>Holds a document as a store keeps it, with the version of its last write.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class StoredRecord
{
    /// <summary>Makes a stored record.</summary>
    /// <param name="document">UTF-8 JSON, opaque to a store. Nobody changes these bytes.</param>
    /// <param name="version">The version to expect in a swap.</param>
    public StoredRecord(ReadOnlyMemory<byte> document, RecordVersion version) => (Document, Version) = (document, version);

    /// <summary>UTF-8 JSON, opaque to a store.</summary>
    public ReadOnlyMemory<byte> Document { get; }

    /// <summary>The version to expect in a swap.</summary>
    public RecordVersion Version { get; }
}
