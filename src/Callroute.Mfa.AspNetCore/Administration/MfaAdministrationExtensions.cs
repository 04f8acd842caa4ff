using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Maps the endpoints of administrators.</summary>
public static class MfaAdministrationExtensions
{
    /// <summary>
    /// Maps JSON endpoints for administrators, described in docs/aspnetcore.md: find a user, read status and history, unlock, and reset.
    /// They are protected as those of <see cref="MfaEndpointExtensions.MapMfaEndpoints"/> are, and take the user in the body, never in the
    /// path.
    /// </summary>
    /// <remarks>
    /// If <see cref="MfaSignInOptions.TenantClaim"/> is set and the administrator has such a claim, they reach only users of their own
    /// tenant. Nobody unlocks or resets their own account. A change needs a reason, which the audit event holds. The log names the
    /// administrator.
    /// </remarks>
    /// <param name="endpoints">The application.</param>
    /// <param name="prefix">The path prefix of the endpoints, such as <c>/administration/mfa</c>.</param>
    /// <param name="policy">
    /// The name of the authorization policy that administrators fulfil. There is no default. Let it require a role and
    /// <see cref="MfaPolicyExtensions.RequireRecentMfa"/>. The application does not start if there is no such policy.
    /// </param>
    /// <returns>The group, to add conventions.</returns>
    /// <exception cref="ArgumentException">The prefix or the policy is null or empty.</exception>
    public static RouteGroupBuilder MapMfaAdministration(this IEndpointRouteBuilder endpoints, string prefix, string policy)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrWhiteSpace(prefix);
        ArgumentException.ThrowIfNullOrWhiteSpace(policy);
        var group = endpoints.MapGroup(prefix).WithTags("MFA administration").RequireAuthorization(policy)
            .WithMetadata(
                new RequestSizeLimitAttribute(MfaEndpointExtensions.MaximumBodySize),
                new AdministrationPolicy(policy),
                new AllowedOrigins.Endpoint(IsForOrigins: false))
            .AddEndpointFilter<RouteGroupBuilder, FailureFilter>().AddEndpointFilter<RouteGroupBuilder, OneAdministratorFilter>();
        ((IEndpointConventionBuilder)group).Add(MfaEndpointExtensions.Guard);
        group.ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        AdministrationEndpoints.Map(group);
        return group;
    }
}
