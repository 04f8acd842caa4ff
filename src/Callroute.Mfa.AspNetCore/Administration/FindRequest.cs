namespace Callroute.Mfa.AspNetCore;

/// <summary>A search for users.</summary>
/// <param name="Text">A user's id, or a text that the application's own search understands.</param>
/// <param name="Tenant">The tenant to search in; null for the administrator's own, and if there are no tenants.</param>
internal sealed record FindRequest(string? Text = null, string? Tenant = null);
