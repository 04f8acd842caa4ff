using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Recovery codes, to be shown only now.</summary>
/// <param name="SetId">Names the set: acknowledge it when the user has saved it.</param>
/// <param name="Codes">The codes, in groups of four.</param>
internal sealed record RecoveryCodesResponse(Guid SetId, IReadOnlyList<string> Codes)
{
    public static RecoveryCodesResponse? From(IssuedRecoveryCodes? issued) =>
        issued is null ? null : new RecoveryCodesResponse(issued.SetId, issued.Reveal());
}
