namespace Callroute.Mfa.AspNetCore;

/// <summary>A change that was made.</summary>
/// <param name="RecoveryCodes">
/// New recovery codes of the change, or the replacement codes if a recovery code was the proof; else null.
/// </param>
internal sealed record ChangeResponse(RecoveryCodesResponse? RecoveryCodes);
