namespace Callroute.Portal.Pages.Profile;

/// <summary>The warning before MFA is disabled: in a dialog, or on a page of its own where there is no script.</summary>
public sealed record DisableWarning(bool WantsCode, string? Error);
