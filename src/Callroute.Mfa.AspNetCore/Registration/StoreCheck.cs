using System.Diagnostics.CodeAnalysis;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Reads the store once, so that a missing table or an unreachable server is found before the first sign-in.</summary>
/// <remarks>The store for Redis checks its servers at its first use, so it warns of one that is not durable when the application starts.
/// </remarks>
internal sealed class StoreCheck(IMfaStore store, TimeProvider clock)
{
    // The application must start even if the server hangs.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <returns>A warning if the store does not answer.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "Every failure is reported, and each sign-in will be refused by the same one.")]
    public async Task<IEnumerable<string>> FindWarningsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await store.FindAsync(MfaHealthCheck.Probe, cancellationToken).AsTask().WaitAsync(Patience, clock, cancellationToken)
                .ConfigureAwait(false);
            return [];
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
