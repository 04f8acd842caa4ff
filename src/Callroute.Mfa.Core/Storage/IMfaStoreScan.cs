namespace Callroute.Mfa.Storage;

/// <summary>Lists the subjects of a store, for key rotation and for "who is enrolled".</summary>
public interface IMfaStoreScan
{
    /// <summary>Lists, at least once, every subject that has a document during the whole scan.</summary>
    /// <param name="cancellationToken">Ends the scan.</param>
    /// <returns>Subjects in no order; those created or erased meanwhile may be listed or not.</returns>
    IAsyncEnumerable<MfaSubject> ScanAsync(CancellationToken cancellationToken = default);
}
