using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Records;

/// <summary>Decides about ending a subject's MFA: by the user with a proof, or by an administrator with a reason.</summary>
internal static class Unbind
{
    /// <summary>Removes authenticators and codes; throttle and history stay.</summary>
    public static Decision<MfaChangeOutcome> Disable(MfaRecord record, StepUp? proof, Guid newEpoch, MfaOptions options, DateTimeOffset now) =>
        Proof.Refuse(record, proof, options, now) is { } refusal
            ? Decision.Keep(refusal)
            : Decision.Write(MfaChangeOutcome.Succeeded, RemoveAll(record, newEpoch, now), new MfaEvent { At = now, Kind = MfaEventKind.Disabled });

    /// <summary>Removes authenticators, codes and throttle; the history stays.</summary>
    public static Decision<MfaChangeOutcome> Reset(MfaRecord record, string reason, Guid newEpoch, DateTimeOffset now) => Decision.Write(
        MfaChangeOutcome.Succeeded,
        RemoveAll(record, newEpoch, now) with { TotpThrottle = ThrottleState.Clean, RecoveryThrottle = ThrottleState.Clean },
        new MfaEvent { At = now, Kind = MfaEventKind.Reset, Reason = reason });

    private static MfaRecord RemoveAll(MfaRecord record, Guid newEpoch, DateTimeOffset now) => record with
    {
        Epoch = newEpoch,
        UnboundAt = now,
        Authenticators = [],
        PendingEnrollment = null,
        RecoveryCodes = null,
        PendingRecoveryCodes = null,
    };
}
