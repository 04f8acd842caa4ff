using System.ComponentModel;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Names a user.</summary>
internal sealed record UserRequest(
    [property: Description("The user's id.")] string? UserId = null,
    [property: Description("The user's tenant; null for the administrator's own, and if there are no tenants.")]
    string? Tenant = null);
