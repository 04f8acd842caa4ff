using Callroute.Mfa.Recovery;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Records;

/// <summary>What a charged recovery attempt is checked against, and the events to raise if it misses.</summary>
/// <param name="Generation">The set.</param>
/// <param name="Setting">Salt and parameters of the set.</param>
/// <param name="Input">What goes into the hash; wiped after.</param>
/// <param name="Events">What a miss means.</param>
internal sealed record RecoveryCharge(Guid Generation, PhcString Setting, byte[] Input, IReadOnlyList<MfaEvent> Events)
{
    public override string ToString() => nameof(RecoveryCharge);
}
