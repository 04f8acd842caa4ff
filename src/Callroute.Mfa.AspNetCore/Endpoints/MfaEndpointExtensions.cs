using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Maps the endpoints.</summary>
public static class MfaEndpointExtensions
{
    /// <summary>
    /// Maps the MFA step of the sign-in and the management of the user's own MFA as JSON endpoints, described in docs/aspnetcore.md.
    /// All answer with <c>Cache-Control: no-store</c>, refuse requests that another site makes a browser send, and give ProblemDetails
    /// for refusals. The MFA step takes the challenge cookie only, the others the application's own sign-in only; enrolling takes either.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="prefix">The path that they are under.</param>
    /// <returns>The group, for conventions of one's own.</returns>
    public static RouteGroupBuilder MapMfaEndpoints(this IEndpointRouteBuilder endpoints, string prefix = "/mfa")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var group = endpoints.MapGroup(prefix).WithTags("MFA");
        group.AddEndpointFilter<NoStoreFilter>().AddEndpointFilter<SameOriginFilter>();
        ChallengeEndpoints.Map(group.MapGroup("/challenge").AllowAnonymous());
        EnrollmentEndpoints.Map(group.MapGroup("/enrollments").AllowAnonymous());
        AccountEndpoints.Map(group.MapGroup(string.Empty).RequireAuthorization().ProducesProblem(StatusCodes.Status401Unauthorized));
        return group;
    }
}
