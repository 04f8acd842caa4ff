namespace Callroute.Mfa.AspNetCore;

/// <summary>An authenticator of the user.</summary>
internal sealed record AuthenticatorResponse(Guid Id, string? Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);
