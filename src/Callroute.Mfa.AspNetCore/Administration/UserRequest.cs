namespace Callroute.Mfa.AspNetCore;

/// <summary>Names a user.</summary>
/// <param name="UserId">The user's id.</param>
/// <param name="Tenant">The user's tenant; null for the administrator's own, and if there are no tenants.</param>
internal sealed record UserRequest(string? UserId = null, string? Tenant = null) : IUserRequest;
