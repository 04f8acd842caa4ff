using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Writes and reads the half-signed-in challenge: a cookie, or a token for a client without cookies.</summary>
/// <remarks>
/// Cookie and token belong to no authentication scheme, so no policy, filter or forwarding scheme can take them for a signed-in user. They
/// are encrypted for different purposes, so one is never accepted for the other.
/// </remarks>
internal sealed class ChallengeCarrier(IDataProtectionProvider provider, IOptions<MfaSignInOptions> options, TimeProvider clock)
{
    // Browsers drop a cookie of more than 4,096 bytes. Encryption adds about 100 bytes, and the encoding a third.
    private const int MaximumSize = 2850;

    private readonly string _name = options.Value.CookieName;
    private readonly IDataProtector _cookies = provider.CreateProtector("Callroute.Mfa.Challenge/1");
    private readonly IDataProtector _tokens = provider.CreateProtector("Callroute.Mfa.ChallengeToken/1");

    // Lax instead of strict: a first factor at another site must be able to redirect here.
    private readonly CookieOptions _attributes =
        new() { Path = options.Value.CookiePath, HttpOnly = true, Secure = true, SameSite = SameSiteMode.Lax, IsEssential = true };

    /// <summary>Writes the challenge. A return path that is not a local path, or is too long for the cookie, is left out.</summary>
    public void Write(HttpContext context, MfaChallenge challenge, string? returnPath)
    {
        var bytes = ChallengeFormat.Format(challenge, LocalUrl.Is(returnPath) ? returnPath : null);
        var fitting = bytes.Length > MaximumSize ? ChallengeFormat.Format(challenge, null) : bytes;
        if (TokenRequest.Of(context) is { } tokens)
        {
            tokens.Issued = (Protect(_tokens, fitting), challenge);
        }
        else
        {
            context.Response.Cookies.Append(_name, Protect(_cookies, fitting), _attributes);
        }
    }

    /// <returns>The challenge, or null if there is none or it is invalid or expired.</returns>
    public MfaChallenge? Read(HttpContext context)
    {
        var challenge = TokenRequest.Of(context) is { } tokens
            ? Open(_tokens, tokens.Bearer)
            : Open(_cookies, context.Request.Cookies[_name]);
        return challenge is not null && clock.GetUtcNow() < challenge.ExpiresAt ? challenge : null;
    }

    /// <summary>Removes the cookie. A token stays valid until it expires, as a copy of the cookie does.</summary>
    public void End(HttpContext context)
    {
        if (TokenRequest.Of(context) is null)
        {
            context.Response.Cookies.Delete(_name, _attributes);
        }
    }

    private static string Protect(IDataProtector protector, byte[] bytes) => WebEncoders.Base64UrlEncode(protector.Protect(bytes));

    // A text that was forged, or encrypted for another purpose or with another key, is no challenge.
    private static MfaChallenge? Open(IDataProtector protector, string? text)
    {
        try
        {
            return string.IsNullOrEmpty(text) ? null : ChallengeFormat.Parse(protector.Unprotect(WebEncoders.Base64UrlDecode(text)));
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            return null;
        }
    }
}
