using System.ComponentModel;
using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Recovery codes, to be shown only now.</summary>
internal sealed record RecoveryCodesResponse(
    [property: Description("The id of the set. Acknowledge the set when the user has saved it.")] Guid SetId,
    [property: Description("The codes, in groups of four.")] IReadOnlyList<string> Codes)
{
    public static RecoveryCodesResponse? From(IssuedRecoveryCodes? issued) =>
        issued is null ? null : new RecoveryCodesResponse(issued.SetId, issued.Reveal());
}
