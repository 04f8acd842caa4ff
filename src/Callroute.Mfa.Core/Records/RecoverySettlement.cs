using Callroute.Mfa.Recovery;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Records;

/// <summary>What a right recovery code leads to, prepared before the write.</summary>
internal sealed record RecoverySettlement(AttemptId Attempt, PreparedRecoveryCodes? Replacement, Redelivery Redelivery, IReadOnlyList<MfaEvent> ChargeEvents)
{
    public override string ToString() => nameof(RecoverySettlement);
}
