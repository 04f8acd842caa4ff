namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>A user whom an administrator has found. Encrypted, it is a part of an address.</summary>
internal sealed record FoundUser(string UserId, string? Tenant);
