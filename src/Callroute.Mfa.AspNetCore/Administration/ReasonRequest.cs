namespace Callroute.Mfa.AspNetCore;

/// <summary>A change of a user's MFA, with its reason.</summary>
/// <param name="UserId">The user's id.</param>
/// <param name="Tenant">The user's tenant; null for the administrator's own, and if there are no tenants.</param>
/// <param name="Reason">Why, in 1–200 characters, for the audit trail. It must not hold a secret.</param>
internal sealed record ReasonRequest(string? UserId = null, string? Tenant = null, string? Reason = null) : IUserRequest;
