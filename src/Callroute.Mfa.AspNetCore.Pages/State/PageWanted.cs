namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>The page of the application that a user without MFA asked for. It follows once MFA is set up.</summary>
internal sealed record PageWanted(string ReturnPath, string Owner);
