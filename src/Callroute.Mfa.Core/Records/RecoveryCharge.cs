using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Records;

/// <summary>What a charged recovery attempt is checked against, and the events to raise if it misses.</summary>
/// <param name="Epoch">The record's epoch.</param>
/// <param name="SetId">The set.</param>
/// <param name="Settings">The settings of the set.</param>
/// <param name="Input">What goes into the hash; wiped after.</param>
/// <param name="Throttle">The throttle as this charge left it.</param>
/// <param name="Events">What a miss means.</param>
internal sealed record RecoveryCharge(Guid Epoch, Guid SetId, string Settings, byte[] Input, ThrottleState Throttle, IReadOnlyList<MfaEvent> Events)
{
    public override string ToString() => nameof(RecoveryCharge);
}
