namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>The text of an administrator's search.</summary>
internal sealed record UserSearch(string Text);
