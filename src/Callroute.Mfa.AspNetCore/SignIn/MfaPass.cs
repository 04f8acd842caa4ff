namespace Callroute.Mfa.AspNetCore;

/// <summary>That the user has passed MFA.</summary>
/// <param name="Method">The kind of code.</param>
/// <param name="Receipt">The receipt of the verification; null if the code only confirmed an enrolment.</param>
/// <param name="At">When the code was accepted. A repeated answer has the first time.</param>
internal sealed record MfaPass(MfaMethod? Method, MfaReceipt? Receipt, DateTimeOffset? At)
{
    public static MfaPass Of(VerificationResult accepted) => new(accepted.Method, accepted.Receipt, accepted.VerifiedAt);
}
