using Callroute.Mfa.Recovery;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Records;

/// <summary>What a charged recovery attempt is checked against, and the events to raise if it misses.</summary>
internal sealed record RecoveryCharge(Guid Generation, PhcString Setting, IReadOnlyList<MfaEvent> Events);
