using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Records;

/// <summary>What a right recovery code leads to, prepared before the write.</summary>
internal sealed record RecoverySettlement(AttemptId Attempt, PreparedRecoveryCodes? Replacement, Redelivery Redelivery, RecoveryCharge Charge)
{
    public override string ToString() => nameof(RecoverySettlement);
}
