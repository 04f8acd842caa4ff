using Callroute.Mfa.Provisioning;
using Microsoft.AspNetCore.Http;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Creates the responses for successes.</summary>
internal static class Responses
{
    public static VerificationResponse Of(HttpContext context, VerificationResult accepted, string? returnPath) => new(
        accepted.Method == MfaMethod.RecoveryCode ? MfaClaims.Recovery : MfaClaims.Otp,
        RecoveryCodesResponse.From(accepted.ReplacementRecoveryCodes),
        returnPath,
        TokensResponse.Of(context));

    public static EnrollmentResponse Of(HttpContext context, EnrollmentOffer offer, IQrCodeRenderer? renderer) => new(
        offer.EnrollmentId,
        offer.Uri!.Reveal(),
        renderer?.ToSvg(offer.Uri),
        offer.Uri!.RevealManualEntryKey(),
        offer.ExpiresAt,
        RecoveryCodesResponse.From(offer.Verification?.ReplacementRecoveryCodes),
        TokensResponse.Of(context));
}
