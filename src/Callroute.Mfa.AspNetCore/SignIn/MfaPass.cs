namespace Callroute.Mfa.AspNetCore;

/// <summary>That the user has passed MFA.</summary>
/// <param name="Method">The kind of code; null if no code was needed, because the browser is remembered.</param>
/// <param name="Receipt">The receipt of the verification; null if no code was needed.</param>
/// <param name="At">When the code was accepted. A repeated answer has the first time.</param>
internal sealed record MfaPass(MfaMethod? Method, MfaReceipt? Receipt, DateTimeOffset? At)
{
    /// <summary>Whether the browser is remembered. Then the code was accepted in an earlier sign-in.</summary>
    public bool IsRemembered => Method is null;

    /// <summary>The name for the claim <c>amr</c>.</summary>
    public string Name => Method switch
    {
        MfaMethod.Totp => MfaClaims.Otp,
        MfaMethod.RecoveryCode => MfaClaims.Recovery,
        _ => MfaClaims.Remembered,
    };

    public static MfaPass Of(VerificationResult accepted) => new(accepted.Method, accepted.Receipt, accepted.VerifiedAt);

    public static MfaPass Remembered(DateTimeOffset verifiedAt) => new(null, null, verifiedAt);
}
