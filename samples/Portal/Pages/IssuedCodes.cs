using Callroute.Mfa.Recovery;

namespace Callroute.Portal.Pages;

/// <summary>Recovery codes to show now, and where to go on when they are saved.</summary>
public sealed record IssuedCodes(IssuedRecoveryCodes Recovery, string Reason, string? Next)
{
    public string Title => Recovery.Reveal().Count == 1 ? "Your recovery code" : "Your recovery codes";
}
