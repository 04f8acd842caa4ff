namespace Callroute.Mfa.AspNetCore;

/// <summary>A change that was made.</summary>
/// <param name="RecoveryCodes">New recovery codes, of the change itself or of a recovery code that was its proof; else null.</param>
internal sealed record ChangeResponse(RecoveryCodesResponse? RecoveryCodes);
