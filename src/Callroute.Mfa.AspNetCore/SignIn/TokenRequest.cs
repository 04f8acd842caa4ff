using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore;

/// <summary>The request of a client that uses no cookies, and the tokens that its response must hold.</summary>
/// <remarks>
/// Such a request sends <c>Authorization: Bearer</c>, or begins a sign-in by <see cref="MfaSignIn.BeginTokenAsync"/>. Its cookies are
/// ignored, so rules against cross-site requests do not apply to it: browsers never add this header on their own, as they do for
/// <c>Basic</c>.
/// </remarks>
internal sealed class TokenRequest
{
    private const string Prefix = "Bearer ";

    private TokenRequest(string? bearer) => Bearer = bearer;

    /// <summary>The token of the request: a challenge or the application's access token; null at the first factor.</summary>
    public string? Bearer { get; }

    /// <summary>The known-device token of the request's body. It is not checked.</summary>
    public string? KnownDevice { get; set; }

    /// <summary>A challenge for the response.</summary>
    public (string Token, MfaChallenge Challenge)? Issued { get; set; }

    /// <summary>The session for the response.</summary>
    public AccessTokenResponse? Session { get; set; }

    /// <summary>A known-device token for the response.</summary>
    public string? NewKnownDevice { get; set; }

    /// <returns>The request, or null if it uses cookies.</returns>
    public static TokenRequest? Of(HttpContext context)
    {
        var bearer = FindBearer(context);

        // The pages remove the header. A token that was read before then no longer counts.
        if (context.Items.TryGetValue(typeof(TokenRequest), out var begun)
            && (begun is not TokenRequest { Bearer: { } sent } || sent == bearer))
        {
            return (TokenRequest?)begun;
        }

        return bearer is null ? null : Begin(context, bearer);
    }

    /// <summary>Makes the request one of a client that uses no cookies.</summary>
    /// <exception cref="InvalidOperationException"><see cref="MfaSignInOptions.BearerScheme"/> is not set.</exception>
    public static TokenRequest Begin(HttpContext context, string? bearer = null)
    {
        if (OptionsOf(context).BearerScheme is null)
        {
            throw new InvalidOperationException(
                $"Set {nameof(MfaSignInOptions)}.{nameof(MfaSignInOptions.BearerScheme)} to the scheme of AddBearerToken first.");
        }

        var request = new TokenRequest(bearer);
        context.Items[typeof(TokenRequest)] = request;
        return request;
    }

    /// <summary>Makes the request one of a client that uses cookies, whatever its headers are.</summary>
    public static void UseCookies(HttpContext context) => context.Items[typeof(TokenRequest)] = null;

    private static string? FindBearer(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        return header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && OptionsOf(context).BearerScheme is not null
            ? header[Prefix.Length..].Trim()
            : null;
    }

    private static MfaSignInOptions OptionsOf(HttpContext context) =>
        context.RequestServices.GetRequiredService<IOptions<MfaSignInOptions>>().Value;
}
