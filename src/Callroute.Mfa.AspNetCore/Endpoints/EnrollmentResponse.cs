namespace Callroute.Mfa.AspNetCore;

/// <summary>The data to add the account to an authenticator app. It contains the secret: show it only once.</summary>
/// <param name="EnrollmentId">The id of the enrolment.</param>
/// <param name="Uri">The otpauth URI, for a link on the phone itself.</param>
/// <param name="QrCode">The URI as an SVG picture; null if there is no renderer.</param>
/// <param name="ManualEntryKey">The key to type.</param>
/// <param name="ExpiresAt">When the enrolment ends.</param>
/// <param name="RecoveryCodes">New recovery codes, if a recovery code was the proof.</param>
internal sealed record EnrollmentResponse(
    Guid EnrollmentId, string Uri, string? QrCode, string ManualEntryKey, DateTimeOffset ExpiresAt, RecoveryCodesResponse? RecoveryCodes)
{
    // A filter of the application may log it.
    public override string ToString() => nameof(EnrollmentResponse);
}
