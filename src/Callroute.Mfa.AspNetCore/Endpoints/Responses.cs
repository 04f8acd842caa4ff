using Callroute.Mfa.Provisioning;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Makes the answers that are a success.</summary>
internal static class Responses
{
    public static string MethodOf(VerificationResult accepted) => accepted.Method == MfaMethod.RecoveryCode ? MfaClaims.Recovery : MfaClaims.Otp;

    public static EnrollmentResponse Of(EnrollmentOffer offer, IQrCodeRenderer? renderer) => new(
        offer.EnrollmentId,
        offer.Uri!.Reveal(),
        renderer?.ToSvg(offer.Uri),
        offer.Uri!.RevealManualEntryKey(),
        offer.ExpiresAt,
        RecoveryCodesResponse.From(offer.Verification?.ReplacementRecoveryCodes));
}
