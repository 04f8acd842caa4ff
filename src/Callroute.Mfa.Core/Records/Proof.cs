namespace Callroute.Mfa.Records;

/// <summary>The one rule about what proves a change.</summary>
internal static class Proof
{
    /// <returns>A refusal, or null where the proof holds.</returns>
    public static MfaChangeOutcome? Refuse(MfaRecord? record, StepUp? proof, MfaOptions options, DateTimeOffset now)
    {
        if (record is not { IsEnabled: true })
        {
            return MfaChangeOutcome.NotEnrolled;
        }

        if (proof is null)
        {
            return MfaChangeOutcome.ProofRequired;
        }

        // A code of a suspended authenticator proves nothing, however young its receipt.
        var isLockedOut = proof.Method == MfaMethod.Totp && record.TotpThrottle.LockedOutAt is not null;
        return proof.Proves(record, options.StepUpAge, now) && !isLockedOut ? null : MfaChangeOutcome.ProofRefused;
    }
}
