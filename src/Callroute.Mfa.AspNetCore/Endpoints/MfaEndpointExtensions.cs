using Microsoft.AspNetCore.Authentication;
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
    // Enough for a code and a name.
    internal const int MaximumBodySize = 16 * 1024;

    /// <summary>
    /// Maps the MFA step of the sign-in and the management of the user's own MFA as JSON endpoints, described in docs/aspnetcore.md.
    /// Every response of an endpoint is <c>Cache-Control: no-store</c>. Cross-site requests of browsers are refused, except reads, requests
    /// with a bearer token, and requests of <see cref="MfaSignInOptions.AllowedOrigins"/>. Refusals are ProblemDetails, except a 401
    /// without a body. The MFA step accepts only the challenge. The other endpoints accept only the application's own sign-in, with MFA if
    /// the user must have it. Enrolment accepts both.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="prefix">The path prefix of the endpoints.</param>
    /// <returns>The group, to add conventions.</returns>
    public static RouteGroupBuilder MapMfaEndpoints(this IEndpointRouteBuilder endpoints, string prefix = "/mfa")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var group = endpoints.MapGroup(prefix).WithTags("MFA")
            .WithMetadata(new RequestSizeLimitAttribute(MaximumBodySize))
            .AddEndpointFilter<RouteGroupBuilder, FailureFilter>().AddEndpointFilter<RouteGroupBuilder, CodeFilter>();
        ((IEndpointConventionBuilder)group).Add(
            endpoint => SameOriginExtensions.Guard(endpoint, SameOrigin.Allows, new AllowedOrigins.Endpoint(IsForOrigins: true)));
        AllowedOrigins.MapPreflight(group);
        ChallengeEndpoints.Map(group.MapGroup("/challenge").AllowAnonymous());
        EnrollmentEndpoints.Map(group.MapGroup("/enrollments").AllowAnonymous());
        AccountEndpoints.Map(RequireSignIn(group.MapGroup(string.Empty), endpoints.ServiceProvider)
            .Refuses(StatusCodes.Status401Unauthorized));
        return group;
    }

    // Any of the schemes is enough here. Later, the library reads only the scheme of the request.
    private static RouteGroupBuilder RequireSignIn(RouteGroupBuilder group, IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<MfaSignInOptions>>().Value;
        var cookies = options.Scheme ?? (options.BearerScheme is null ? null : DefaultSchemeOf(services));
        string[] schemes = [.. new[] { cookies, options.BearerScheme }.OfType<string>().Distinct()];
        return schemes.Length == 0
            ? group.RequireAuthorization()
            : group.RequireAuthorization(policy => policy.AddAuthenticationSchemes(schemes).RequireAuthenticatedUser());
    }

    private static string? DefaultSchemeOf(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<AuthenticationOptions>>().Value;
        return options.DefaultAuthenticateScheme ?? options.DefaultScheme;
    }
}
