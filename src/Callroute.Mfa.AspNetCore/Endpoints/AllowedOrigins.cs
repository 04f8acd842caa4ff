using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Lets pages of <see cref="MfaSignInOptions.AllowedOrigins"/> read the responses of the endpoints.</summary>
/// <remarks>
/// It runs before every other part of the application: a page must be able to read a 401 of the authorization middleware, too. So it does
/// not depend on whether and where the application calls <c>UseCors</c>.
/// </remarks>
internal sealed class AllowedOrigins(ICorsService cors, IOptions<MfaSignInOptions> options) : IStartupFilter
{
    private static readonly string[] Paths =
    [
        "/", "/challenge/{**path}", "/enrollments/{**path}", "/step-up", "/disable", "/recovery-codes/{**path}",
        "/authenticators/{**path}", "/known-devices/{**path}",
    ];

    /// <summary>Maps the answers to preflight requests, which have no cookie and no token.</summary>
    public static void MapPreflight(RouteGroupBuilder group)
    {
        foreach (var path in Paths)
        {
            group.MapMethods(path, [HttpMethods.Options], () => TypedResults.NoContent()).AllowAnonymous().ExcludeFromDescription();
        }
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        var policy = PolicyOf([.. options.Value.AllowedOrigins]);
        app.Use((context, after) =>
        {
            context.Response.OnStarting(() => Apply(context, policy));
            return after(context);
        });
        next(app);
    };

    private static CorsPolicy PolicyOf(string[] origins) => new CorsPolicyBuilder(origins)
        .WithMethods(HttpMethods.Get, HttpMethods.Post).WithHeaders("Authorization", "Content-Type").AllowCredentials()
        .WithExposedHeaders("Retry-After").Build();

    private Task Apply(HttpContext context, CorsPolicy policy)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<Endpoint>() is { } endpoint)
        {
            RemoveThoseOfTheApplication(context.Response.Headers);
            if (endpoint.IsForOrigins && options.Value.AllowedOrigins.Count > 0)
            {
                var result = cors.EvaluatePolicy(context, policy);
                result.VaryByOrigin = true;
                cors.ApplyResult(result, context.Response);
            }
        }

        return Task.CompletedTask;
    }

    // A policy that the application uses everywhere may have more origins.
    private static void RemoveThoseOfTheApplication(IHeaderDictionary headers)
    {
        foreach (var name in headers.Keys.Where(name => name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            headers.Remove(name);
        }
    }

    /// <summary>Marks an endpoint of the library, which no other origin may read, except perhaps the listed ones.</summary>
    public sealed record Endpoint(bool IsForOrigins);
}
