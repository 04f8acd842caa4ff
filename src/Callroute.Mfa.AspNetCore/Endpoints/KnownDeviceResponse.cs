namespace Callroute.Mfa.AspNetCore;

/// <summary>A device on which a code was accepted.</summary>
/// <param name="Id">The id.</param>
/// <param name="LastUsedAt">When a code was last accepted there.</param>
/// <param name="RememberedUntil">Until when no code is asked for there; null if one is.</param>
internal sealed record KnownDeviceResponse(Guid Id, DateTimeOffset LastUsedAt, DateTimeOffset? RememberedUntil);
