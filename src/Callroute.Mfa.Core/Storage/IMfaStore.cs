namespace Callroute.Mfa.Storage;

/// <summary>Keeps one opaque document a subject, changed by compare-and-swap on its version.</summary>
/// <remarks>
/// Implementations are thread-safe, compare subjects ordinally, and answer a write only when it is durable. They use a
/// connection of their own, never the caller's ambient transaction. What they throw is treated as an unknown outcome.
/// </remarks>
public interface IMfaStore
{
    /// <summary>Reads a subject's document from the primary: the last write that was answered, or a later one.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The document and its version, or null where there is none; the store does not change or reuse these bytes after. A stale answer costs a verification a lost swap, never a second acceptance; status, requirement, export and the erasing of what is not found tell what was read.</returns>
    ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default);

    /// <summary>Writes a document where the stored version is the expected one.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="document">The new document; the store copies it or has written it when the task ends.</param>
    /// <param name="newVersion">The version of the new document.</param>
    /// <param name="expected">The version to replace; null to create where there is none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>True when written; false when somebody else wrote first and nothing was changed.</returns>
    ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, RecordVersion newVersion, RecordVersion? expected, CancellationToken cancellationToken = default);

    /// <summary>Deletes a document where the stored version is the expected one.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="expected">The version to delete.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>True when deleted; false when the version is another or there is no document.</returns>
    ValueTask<bool> TryDeleteAsync(MfaSubject subject, RecordVersion expected, CancellationToken cancellationToken = default);
}
