using System.ComponentModel;

namespace Callroute.Mfa.AspNetCore;

/// <summary>A change that was made.</summary>
internal sealed record ChangeResponse(
    [property: Description("New recovery codes of the change, or the replacement codes if a recovery code was the proof; else null.")]
    RecoveryCodesResponse? RecoveryCodes,
    [property: Description("For a client without cookies: its new tokens; null if they did not change.")] TokensResponse? Tokens = null);
