namespace Callroute.Mfa.AspNetCore;

/// <summary>An authenticator that was bound.</summary>
/// <param name="AuthenticatorId">The authenticator.</param>
/// <param name="RecoveryCodes">The first recovery codes; null if the user has a set.</param>
internal sealed record ConfirmationResponse(Guid AuthenticatorId, RecoveryCodesResponse? RecoveryCodes);
