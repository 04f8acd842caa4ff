using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Describes responses for OpenAPI.</summary>
internal static class Described
{
    /// <summary>Adds refusals with their usual descriptions.</summary>
    public static TBuilder Refuses<TBuilder>(this TBuilder endpoint, params int[] statuses)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata([.. statuses.Select(status => Problem(status, TextOf(status)))]);

    /// <summary>Adds the refusals of an endpoint that takes a code.</summary>
    public static TBuilder RefusesCodes<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.Refuses(
            StatusCodes.Status400BadRequest,
            StatusCodes.Status403Forbidden,
            StatusCodes.Status429TooManyRequests,
            StatusCodes.Status503ServiceUnavailable);

    public static ProducesResponseTypeAttribute Problem(int status, string description) =>
        new(typeof(MfaProblem), status, "application/problem+json") { Description = description };

    public static ProducesResponseTypeAttribute Response(int status, Type type, string description) =>
        new(type, status, "application/json") { Description = description };

    private static string TextOf(int status) => status switch
    {
        StatusCodes.Status400BadRequest =>
            "`code-refused`: the code was not accepted; it is not told why. `attempt-malformed`: the attempt has the wrong form. "
            + "A body that is no request has a response without a body.",
        StatusCodes.Status401Unauthorized =>
            "`sign-in-required`: begin with the first factor again. The response may have no body.",
        StatusCodes.Status403Forbidden =>
            "`code-required`: send the request again with a code. `cross-site`: pages of this origin may not call the endpoint.",
        StatusCodes.Status404NotFound => "`not-found`: there is no such thing. `not-enrolled`: there is no MFA to change.",
        StatusCodes.Status409Conflict =>
            "`limit-reached`, `last-authenticator` or `required-by-policy`: the change is not possible in the present state.",
        StatusCodes.Status410Gone => "`enrollment-ended`: begin the enrolment again.",
        StatusCodes.Status429TooManyRequests =>
            "`code-refused` or `throttled`: wait as long as `Retry-After` says. The code may have been checked and wrong.",
        _ => "`unavailable`: this cannot be answered now. Try again after `Retry-After`.",
    };
}
