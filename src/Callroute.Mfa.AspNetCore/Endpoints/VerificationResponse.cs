namespace Callroute.Mfa.AspNetCore;

/// <summary>A code that was accepted.</summary>
/// <param name="Method"><c>otp</c> or <c>recovery</c>.</param>
/// <param name="RecoveryCodes">After a recovery, the codes that replace the used one.</param>
/// <param name="ReturnPath">The page that the user asked for, or null.</param>
internal sealed record VerificationResponse(string Method, RecoveryCodesResponse? RecoveryCodes, string? ReturnPath);
