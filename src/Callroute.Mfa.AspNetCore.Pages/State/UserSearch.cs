namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>What an administrator has typed to find a user.</summary>
internal sealed record UserSearch(string Text);
