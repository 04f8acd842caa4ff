using System.ComponentModel;

namespace Callroute.Mfa.AspNetCore;

/// <summary>A new name for an authenticator.</summary>
internal sealed record RenameRequest(
    [property: Description("The user's name for the authenticator, of which the first 64 characters are used; null for none.")]
    string? Name = null);
