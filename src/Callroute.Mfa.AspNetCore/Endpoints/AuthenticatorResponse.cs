using System.ComponentModel;

namespace Callroute.Mfa.AspNetCore;

/// <summary>An authenticator of the user.</summary>
internal sealed record AuthenticatorResponse(
    [property: Description("The id.")] Guid Id,
    [property: Description("The user's name for it; null if it has none.")] string? Name,
    [property: Description("When it was set up.")] DateTimeOffset CreatedAt,
    [property: Description("When a code of it was last accepted; null if that is unknown.")] DateTimeOffset? LastUsedAt);
