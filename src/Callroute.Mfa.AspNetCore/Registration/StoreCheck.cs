using System.Diagnostics.CodeAnalysis;
using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.AspNetCore;

/// <summary>
/// Uses the store and the protector once, so that a missing table, an unreachable server or other keys are found before the first sign-in.
/// </summary>
/// <remarks>The store for Redis checks its servers at its first use, so it warns of one that is not durable when the application starts.
/// </remarks>
internal sealed class StoreCheck(MfaService mfa)
{
    /// <returns>A warning if the store does not answer, or if the keys are not those of the other nodes or of the last start.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "Every failure is reported, and each sign-in will be refused by the same one.")]
    public async Task<IEnumerable<string>> FindWarningsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await mfa.CheckKeysAsync(cancellationToken).ConfigureAwait(false);
            return [];
        }
        catch (SecretProtectionException)
        {
            return
            [
                MfaHealthCheck.OtherKeys + " With UseDataProtection, call AddDataProtection().PersistKeysTo… and always the same "
                + "SetApplicationName. With UseAesGcm, read the keys from a configuration that all nodes share, and do not create them at "
                + "the start.",
            ];
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return
            [
                $"The store does not answer, so nobody with MFA can sign in: {exception.GetType().Name}: {exception.Message} "
                + "If its table is missing, run the statement of SqlDialect.GetCreateTableStatement. "
                + "With UseEntityFramework, add and run a migration.",
            ];
        }
    }
}
