using System.ComponentModel;

namespace Callroute.Mfa.AspNetCore;

/// <summary>A device on which a code was accepted.</summary>
internal sealed record KnownDeviceResponse(
    [property: Description("The id.")] Guid Id,
    [property: Description("When a code was last accepted there.")] DateTimeOffset LastUsedAt,
    [property: Description("Until when no code is asked for there; null if one is.")] DateTimeOffset? RememberedUntil);
