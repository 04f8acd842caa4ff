using System.Diagnostics.CodeAnalysis;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore;

/// <summary>
/// Checks the store once, so that a missing table, an unreachable server or a lost key ring is found before the first sign-in.
/// </summary>
internal sealed class StoreCheck(IServiceProvider services)
{
    // The application must start even if the server hangs.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // Data Protection makes its first key while the application starts.
    private static readonly TimeSpan Young = TimeSpan.FromMinutes(1);

    private readonly IMfaStore _store = services.GetRequiredService<IMfaStore>();
    private readonly TimeProvider _clock = services.GetRequiredService<TimeProvider>();

    /// <returns>What the store warns of, and a warning if it does not answer, or if it has records and all keys are new.</returns>
    /// <exception cref="NotSupportedException">The database is set up so that a code can be accepted twice.</exception>
    [SuppressMessage("Design", "CA1031", Justification = "Every failure is reported, and each sign-in will be refused by the same one.")]
    public async Task<IEnumerable<string>> FindWarningsAsync(CancellationToken cancellationToken)
    {
        try
        {
            var warnings = await CheckAsync(cancellationToken).WaitAsync(Patience, _clock, cancellationToken).ConfigureAwait(false);
            return !AreKeysNew()
                || !await HasRecordsAsync(cancellationToken).WaitAsync(Patience, _clock, cancellationToken).ConfigureAwait(false)
                ? warnings
                :
                [
                    .. warnings,
                    "All keys of Data Protection are new, but the store has records, whose secrets were encrypted with other keys: no "
                    + "authenticator verifies. Call AddDataProtection().PersistKeysTo… with a place that survives a restart, and always "
                    + "the same SetApplicationName. Put the old keys back there.",
                ];
        }
        catch (Exception exception) when (exception is not NotSupportedException && !cancellationToken.IsCancellationRequested)
        {
            return
            [
                $"The store does not answer, so nobody with MFA can sign in: {exception.GetType().Name}: {exception.Message}",
            ];
        }
    }

    private async Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken)
    {
        if (_store is IMfaStoreCheck check)
        {
            return await check.CheckAsync(cancellationToken).ConfigureAwait(false);
        }

        await _store.FindAsync(MfaHealthCheck.Probe, cancellationToken).ConfigureAwait(false);
        return [];
    }

    private bool AreKeysNew() => services.GetRequiredService<ISecretProtector>() is DataProtectionSecretProtector
        && services.GetRequiredService<IDataProtectionProvider>() is not EphemeralDataProtectionProvider
        && services.GetRequiredService<IKeyManager>().GetAllKeys().All(key => key.CreationDate > _clock.GetUtcNow() - Young);

    private async Task<bool> HasRecordsAsync(CancellationToken cancellationToken) =>
        _store is IMfaStoreScan scan
        && await scan.ScanAsync(cancellationToken).AnyAsync(cancellationToken).ConfigureAwait(false);
}
