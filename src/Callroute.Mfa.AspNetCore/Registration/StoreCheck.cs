using System.Diagnostics.CodeAnalysis;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore;

/// <summary>
/// Reads the store once, so that a missing table, an unreachable server or a lost key ring is found before the first sign-in.
/// </summary>
/// <remarks>The store for Redis checks its servers at its first use, so it warns of one that is not durable when the application starts.
/// </remarks>
internal sealed class StoreCheck(IServiceProvider services)
{
    // The application must start even if the server hangs.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // Data Protection makes its first key while the application starts.
    private static readonly TimeSpan Young = TimeSpan.FromMinutes(1);

    private readonly IMfaStore _store = services.GetRequiredService<IMfaStore>();
    private readonly TimeProvider _clock = services.GetRequiredService<TimeProvider>();

    /// <returns>A warning if the store does not answer, or if it has records and no key is older than the application.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "Every failure is reported, and each sign-in will be refused by the same one.")]
    public async Task<IEnumerable<string>> FindWarningsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _store.FindAsync(MfaHealthCheck.Probe, cancellationToken).AsTask().WaitAsync(Patience, _clock, cancellationToken)
                .ConfigureAwait(false);
            return !AreKeysNew()
                || !await HasRecordsAsync(cancellationToken).WaitAsync(Patience, _clock, cancellationToken).ConfigureAwait(false)
                ? []
                :
                [
                    "All keys of Data Protection are new, but the store has records, whose secrets were encrypted with other keys: no "
                    + "authenticator verifies. Call AddDataProtection().PersistKeysTo… with a place that survives a restart, and always "
                    + "the same SetApplicationName. Put the old keys back there.",
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

    private bool AreKeysNew() => services.GetRequiredService<ISecretProtector>() is DataProtectionSecretProtector
        && services.GetRequiredService<IDataProtectionProvider>() is not EphemeralDataProtectionProvider
        && services.GetRequiredService<IKeyManager>().GetAllKeys().All(key => key.CreationDate > _clock.GetUtcNow() - Young);

    private async Task<bool> HasRecordsAsync(CancellationToken cancellationToken) =>
        _store is IMfaStoreScan scan
        && await scan.ScanAsync(cancellationToken).AnyAsync(cancellationToken).ConfigureAwait(false);
}
