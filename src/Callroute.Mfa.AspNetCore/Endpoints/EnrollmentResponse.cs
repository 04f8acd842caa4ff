using System.ComponentModel;

namespace Callroute.Mfa.AspNetCore;

/// <summary>The data to add the account to an authenticator app. It contains the secret: show it only once.</summary>
internal sealed record EnrollmentResponse(
    [property: Description("The id of the enrolment.")] Guid EnrollmentId,
    [property: Description("The otpauth URI, for a link on the phone itself.")] string Uri,
    [property: Description("The URI as an SVG picture; null if there is no renderer.")] string? QrCode,
    [property: Description("The key to type.")] string ManualEntryKey,
    [property: Description("When the enrolment ends.")] DateTimeOffset ExpiresAt,
    [property: Description("New recovery codes, if a recovery code was the proof.")] RecoveryCodesResponse? RecoveryCodes,
    [property: Description("For a client without cookies: its new tokens; null if they did not change.")] TokensResponse? Tokens = null)
{
    // A filter of the application may log it.
    public override string ToString() => nameof(EnrollmentResponse);
}
