using System.ComponentModel;

namespace Callroute.Mfa.AspNetCore;

/// <summary>A search for users.</summary>
internal sealed record FindRequest(
    [property: Description("A user's id, or a text that the application's own search understands.")] string? Text = null,
    [property: Description("The tenant to search in; null for the administrator's own, and if there are no tenants.")]
    string? Tenant = null);
