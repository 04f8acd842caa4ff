using System.Diagnostics.CodeAnalysis;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.AspNetCore;

/// <summary>
/// Uses the store and the protector once, so that a missing table, an unreachable server, a dangerous setting or other keys are found
/// before the first sign-in.
/// </summary>
internal sealed class StoreCheck(IMfaStore store, MfaService mfa, TimeProvider clock)
{
    // The application must start even if the server hangs.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <returns>
    /// The warnings of the store. One more if the store does not answer, or if this node cannot decrypt what was encrypted before.
    /// </returns>
    /// <exception cref="NotSupportedException">The database is set up so that a code can be accepted twice.</exception>
    [SuppressMessage("Design", "CA1031", Justification = "Every failure is reported, and each sign-in will be refused by the same one.")]
    public async Task<IEnumerable<string>> FindWarningsAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> warnings = [];
        try
        {
            warnings = store is IMfaStoreCheck check
                ? await check.CheckAsync(cancellationToken).WaitAsync(Patience, clock, cancellationToken).ConfigureAwait(false)
                : [];
            await mfa.CheckKeysAsync(cancellationToken).ConfigureAwait(false);
            return warnings;
        }
        catch (SecretProtectionException)
        {
            return
            [
                .. warnings,
                MfaHealthCheck.OtherKeys + " With UseDataProtection, call AddDataProtection().PersistKeysTo… and always the same "
                + "SetApplicationName. With UseAesGcm, read the keys from a configuration that all nodes share, and do not create them at "
                + "the start.",
            ];
        }
        catch (Exception exception) when (exception is not NotSupportedException && !cancellationToken.IsCancellationRequested)
        {
            return
            [
                .. warnings,
                $"The store does not answer, so sign-ins are refused: {exception.GetType().Name}: {exception.Message}",
            ];
        }
    }
}
