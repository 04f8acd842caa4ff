using System.Security.Cryptography;
using Callroute.Mfa.Records;
using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Flows;

/// <summary>What a right recovery code needs before its write. The new set is made once, and reused on retries.</summary>
internal sealed class SettlementPreparation(RecoveryCodeIssuer issuer, RecoveryHashPermit permit, bool replacesSet)
{
    private PreparedRecoveryCodes? _replacement;

    public async ValueTask<RecoverySettlement> PrepareAsync(RecoveryUse use, RecoveryCharge charge, DateTimeOffset now)
    {
        if (replacesSet)
        {
            _replacement ??= await issuer.PrepareAsync(permit, now).ConfigureAwait(false);
        }

        var nonce = RandomNumberGenerator.GetBytes(Redelivery.NonceSize);
        var redelivery = Redelivery.Seal(use, _replacement?.Set.SetId ?? charge.SetId, _replacement?.Codes ?? [], now, nonce);
        return new RecoverySettlement(use.Attempt, _replacement, redelivery, charge);
    }
}
