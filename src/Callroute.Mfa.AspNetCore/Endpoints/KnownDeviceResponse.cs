namespace Callroute.Mfa.AspNetCore;

/// <summary>A device on which a code was accepted.</summary>
internal sealed record KnownDeviceResponse(Guid Id, DateTimeOffset LastUsedAt);
