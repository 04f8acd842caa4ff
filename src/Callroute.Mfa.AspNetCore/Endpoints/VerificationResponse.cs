using System.ComponentModel;

namespace Callroute.Mfa.AspNetCore;

/// <summary>A code that was accepted.</summary>
internal sealed record VerificationResponse(
    [property: Description("`otp` or `recovery`.")] string Method,
    [property: Description("After a recovery, the codes that replace the used one.")] RecoveryCodesResponse? RecoveryCodes,
    [property: Description("The page that the user asked for, or null.")] string? ReturnPath,
    [property: Description("For a client without cookies: its new tokens; null if they did not change.")] TokensResponse? Tokens = null);
