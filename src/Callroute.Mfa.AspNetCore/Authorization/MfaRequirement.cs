using Microsoft.AspNetCore.Authorization;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Requires that the user has passed MFA in this session.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class MfaRequirement : IAuthorizationRequirement
{
    internal MfaRequirement(TimeSpan? maximumAge) => MaximumAge = maximumAge;

    /// <summary>The greatest age of the verification; null for any time in this session.</summary>
    public TimeSpan? MaximumAge { get; }
}
