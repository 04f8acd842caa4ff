using System.ComponentModel;

namespace Callroute.Mfa.AspNetCore;

/// <summary>An authenticator that was bound.</summary>
internal sealed record ConfirmationResponse(
    [property: Description("The authenticator.")] Guid AuthenticatorId,
    [property: Description("The first recovery codes; null if the user has a set.")] RecoveryCodesResponse? RecoveryCodes,
    [property: Description("For a client without cookies: its new tokens; null if they did not change.")] TokensResponse? Tokens = null);
