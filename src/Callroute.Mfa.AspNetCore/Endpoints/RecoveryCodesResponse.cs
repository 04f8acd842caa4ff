using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Recovery codes, to be shown only now.</summary>
/// <param name="SetId">The id of the set. Acknowledge the set when the user has saved it.</param>
/// <param name="Codes">The codes, in groups of four.</param>
internal sealed record RecoveryCodesResponse(Guid SetId, IReadOnlyList<string> Codes)
{
    public static RecoveryCodesResponse? From(IssuedRecoveryCodes? issued) =>
        issued is null ? null : new RecoveryCodesResponse(issued.SetId, issued.Reveal());
}
