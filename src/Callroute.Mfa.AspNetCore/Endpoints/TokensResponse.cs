using System.ComponentModel;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Callroute.Mfa.AspNetCore;

/// <summary>The session of a client without cookies, as OAuth names it. It replaces the tokens that the client had.</summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record TokensResponse(
    [property: Description("Always `Bearer`.")] string TokenType,
    [property: Description("For the header `Authorization`.")] string AccessToken,
    [property: Description("How long the access token is valid, in seconds.")] long ExpiresIn,
    [property: Description("For an endpoint of the application that refreshes tokens.")] string RefreshToken,
    [property: Description("Keep it, and send it with each code: it makes the device a known one. Null if there is no new one.")]
    string? KnownDevice)
{
    /// <returns>The tokens for the response; null if the client uses cookies or its session has not changed.</returns>
    public static TokensResponse? Of(HttpContext context) => TokenRequest.Of(context) is { Session: { } session } request
        ? new(session.TokenType, session.AccessToken, session.ExpiresIn, session.RefreshToken, request.NewKnownDevice)
        : null;

    // A filter of the application may log it.
    public override string ToString() => nameof(TokensResponse);
}
