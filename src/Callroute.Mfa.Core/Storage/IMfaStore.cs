namespace Callroute.Mfa.Storage;

/// <summary>Stores one opaque document for each subject and changes it only by compare-and-swap on its version.</summary>
/// <remarks>
/// Every implementation must be thread-safe and must compare subjects ordinally. A write must return only when it is durable. It must use
/// its own connection, never the caller's ambient transaction. An exception means that the outcome is unknown.
/// </remarks>
public interface IMfaStore
{
    /// <summary>Reads a subject's document from the primary: the last acknowledged write or a later one.</summary>
    /// <remarks>
    /// After a stale read, the compare-and-swap of a verification fails and the verification retries. So a used code never works again.
    /// Operations that only read (status, sign-in requirement, export, erasing a subject that is not found) may return stale data.
    /// </remarks>
    /// <param name="subject">The subject; not the default value.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The document and its version, or null if there is none. The store must not change or reuse the bytes.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default);

    /// <summary>Writes a document if the stored version is the expected one.</summary>
    /// <param name="subject">The subject; not the default value.</param>
    /// <param name="document">The new document: 0 bytes to 1 MiB. The caller may reuse the buffer when the task has completed.</param>
    /// <param name="newVersion">The version of the new document: 128 random bits that no other write has.</param>
    /// <param name="expected">The version to replace, or null to create a document if there is none.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>True if the document was written; false if the stored version was another one, in which case nothing was changed.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled. If that was before the call, nothing was written.</exception>
    ValueTask<bool> TryWriteAsync(
        MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default);

    /// <summary>Deletes a document if the stored version is the expected one.</summary>
    /// <param name="subject">The subject; not the default value.</param>
    /// <param name="expected">The version to delete.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>True if the document was deleted; false if the stored version was another one or there was no document.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled. If that was before the call, nothing was deleted.</exception>
    ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default);
}
