using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Maps the endpoints.</summary>
public static class MfaEndpointExtensions
{
    // A code or a name, and room to spare.
    private const int MaximumBodySize = 16 * 1024;

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
        var group = endpoints.MapGroup(prefix).WithTags("MFA").WithMetadata(new RequestSizeLimitAttribute(MaximumBodySize));
        ((IEndpointConventionBuilder)group).Add(Guard);
        ChallengeEndpoints.Map(group.MapGroup("/challenge").AllowAnonymous());
        EnrollmentEndpoints.Map(group.MapGroup("/enrollments").AllowAnonymous());
        var scheme = endpoints.ServiceProvider.GetRequiredService<IOptions<MfaSignInOptions>>().Value.Scheme;
        AccountEndpoints.Map(RequireSignIn(group.MapGroup(string.Empty), scheme).ProducesProblem(StatusCodes.Status401Unauthorized));
        return group;
    }

    // A filter would come too late for a body that cannot be read.
    private static void Guard(EndpointBuilder endpoint)
    {
        var next = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = context =>
        {
            context.Response.Headers.CacheControl = "no-store";
            return SameOrigin.Allows(context.Request) ? next(context) : SameOrigin.Refusal().ExecuteAsync(context);
        };
    }

    private static RouteGroupBuilder RequireSignIn(RouteGroupBuilder group, string? scheme) => scheme is null
        ? group.RequireAuthorization()
        : group.RequireAuthorization(policy => policy.AddAuthenticationSchemes(scheme).RequireAuthenticatedUser());
}
