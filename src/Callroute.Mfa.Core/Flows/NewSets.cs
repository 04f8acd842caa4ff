using Callroute.Mfa.Records;
using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Flows;

/// <summary>The codes of one regeneration: made once, and hashed again only where the active set has changed meanwhile.</summary>
internal sealed class NewSets(RecoveryCodeIssuer issuer, RecoveryHashPermit permit)
{
    private PreparedRecoveryCodes? _prepared;
    private (Guid SetId, PendingRecoveryCodes Codes)? _pending;

    /// <returns>The new codes, and their form beside the active set; null where there is none that could still be used.</returns>
    public async ValueTask<(PreparedRecoveryCodes Prepared, PendingRecoveryCodes? Pending)> PrepareAsync(MfaRecord record, DateTimeOffset now)
    {
        _prepared ??= await issuer.PrepareAsync(permit, now).ConfigureAwait(false);
        if (record.RecoveryCodes is not { } active || !issuer.CanCheck(active))
        {
            return (_prepared, null);
        }

        if (_pending?.SetId != active.SetId)
        {
            _pending = (active.SetId, await issuer.PreparePendingAsync(permit, _prepared, active).ConfigureAwait(false));
        }

        return (_prepared, _pending!.Value.Codes);
    }
}
