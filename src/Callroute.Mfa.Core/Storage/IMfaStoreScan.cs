namespace Callroute.Mfa.Storage;

/// <summary>Lists the subjects of a store, for key rotation and to find out who is enrolled.</summary>
public interface IMfaStoreScan
{
    /// <summary>Lists every subject that has a document during the whole scan, at least once each.</summary>
    /// <param name="cancellationToken">Cancels the scan.</param>
    /// <returns>The subjects, in any order. Subjects that are created or erased during the scan may be missing.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    IAsyncEnumerable<MfaSubject> ScanAsync(CancellationToken cancellationToken = default);
}
