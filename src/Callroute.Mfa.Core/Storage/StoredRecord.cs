namespace Callroute.Mfa.Storage;

/// <summary>Holds a document as a store keeps it, with the version of its last write.</summary>
/// <param name="Document">UTF-8 JSON, opaque to a store. Nobody changes these bytes.</param>
/// <param name="Version">The version to expect in a swap.</param>
public sealed record StoredRecord(ReadOnlyMemory<byte> Document, RecordVersion Version);
