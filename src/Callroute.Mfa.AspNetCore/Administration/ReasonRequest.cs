using System.ComponentModel;

namespace Callroute.Mfa.AspNetCore;

/// <summary>A change of a user's MFA, with its reason.</summary>
internal sealed record ReasonRequest(
    [property: Description("The user's id.")] string? UserId = null,
    [property: Description("The user's tenant; null for the administrator's own, and if there are no tenants.")] string? Tenant = null,
    [property: Description("Why, in 1 to 200 characters, for the user's history. It must not hold a secret.")]
    string? Reason = null);
