using Microsoft.AspNetCore.Authorization;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Adds MFA to authorization policies.</summary>
public static class MfaPolicyExtensions
{
    /// <summary>
    /// Requires that the user has passed MFA in this session, or began it in a remembered browser. Every authenticated identity of the
    /// request must name the same user and tenant.
    /// </summary>
    /// <param name="policy">The policy.</param>
    /// <returns>The policy.</returns>
    public static AuthorizationPolicyBuilder RequireMfa(this AuthorizationPolicyBuilder policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return policy.RequireAuthenticatedUser().AddRequirements(new MfaRequirement(null));
    }

    /// <summary>
    /// Requires that the user has passed MFA recently: at the sign-in, or by <see cref="MfaAccount.StepUpAsync"/>. In a remembered browser,
    /// the time of the code counts, not that of the sign-in.
    /// </summary>
    /// <param name="policy">The policy.</param>
    /// <param name="maximumAge">The greatest age of the verification: 1 s–24 h.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The age is not 1 s–24 h.</exception>
    public static AuthorizationPolicyBuilder RequireRecentMfa(this AuthorizationPolicyBuilder policy, TimeSpan maximumAge)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return maximumAge >= TimeSpan.FromSeconds(1) && maximumAge <= TimeSpan.FromHours(24)
            ? policy.RequireAuthenticatedUser().AddRequirements(new MfaRequirement(maximumAge))
            : throw new ArgumentOutOfRangeException(nameof(maximumAge), maximumAge, "Must be 1 s–24 h.");
    }
}
