namespace Callroute.Mfa.AspNetCore;

/// <summary>A new name for an authenticator.</summary>
/// <param name="Name">
/// The user's name for the authenticator, of which the first 64 characters are used; null for none.
/// </param>
internal sealed record RenameRequest(string? Name = null);
