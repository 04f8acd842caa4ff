using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Operations;

/// <summary>Disables MFA at the user's request: removes authenticators, recovery codes and known devices.</summary>
internal sealed class Disable(OperationContext context, MfaSubject subject, MfaPolicy policy, MfaProof? proof)
    : ProvedChange("disable", context, subject, proof)
{
    private readonly bool _isForbidden = Guard.Defined(policy) == MfaPolicy.Required;

    // Answer before the proof is verified: a code would be consumed for nothing.
    protected override ValueTask<Decision<MfaChangeResult>> ExecuteAsync(CancellationToken cancellationToken) => _isForbidden
        ? new(Decision.NoChange(new MfaChangeResult(MfaChangeOutcome.RequiredByPolicy)))
        : base.ExecuteAsync(cancellationToken);

    protected override Decision<MfaChangeResult> Change(MfaRecord record, Proof proof, DateTimeOffset now) => Decision.Save(
        proof.Result(MfaChangeOutcome.Succeeded),
        record.Ended(RandomId.CreateGuid(), reset: null, now),
        new MfaEvent { At = now, Kind = MfaEventKind.Disabled });
}
