using Microsoft.AspNetCore.Authorization;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Asks that the user has passed MFA in this session.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class MfaRequirement : IAuthorizationRequirement
{
    internal MfaRequirement(TimeSpan? maximumAge) => MaximumAge = maximumAge;

    /// <summary>How long ago at most; null for any time in this session.</summary>
    public TimeSpan? MaximumAge { get; }
}
