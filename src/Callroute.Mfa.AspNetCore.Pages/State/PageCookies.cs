using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>
/// Keeps what must survive a redirect in encrypted cookies: one for each kind of content, so that two tabs do not overwrite each other's.
/// </summary>
internal sealed class PageCookies(IDataProtectionProvider provider, IOptions<MfaSignInOptions> signIn, TimeProvider clock)
{
    // As long as the library repeats an answer.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    // No HTML is made of it. The usual encoder would write six bytes for some characters of an address, too many for a cookie.
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly IDataProtector _protector = provider.CreateProtector("Callroute.Mfa.Pages/1");

    private readonly CookieOptions _attributes =
        new() { Path = signIn.Value.CookiePath, HttpOnly = true, Secure = true, SameSite = SameSiteMode.Lax, IsEssential = true };

    public void Write<T>(HttpContext context, T content)
        where T : class
    {
        context.Response.Cookies.Append(NameOf<T>(), Seal(new Envelope<T>(clock.GetUtcNow() + Lifetime, content)), _attributes);
    }

    /// <returns>The content; null if there is none, it is over, or it is not ours.</returns>
    public T? Read<T>(HttpContext context)
        where T : class =>
        Open<Envelope<T>>(context.Request.Cookies[NameOf<T>()]) is { } envelope && clock.GetUtcNow() < envelope.ExpiresAt
            ? envelope.Content
            : null;

    public void Delete<T>(HttpContext context)
        where T : class
    {
        if (context.Request.Cookies.ContainsKey(NameOf<T>()))
        {
            context.Response.Cookies.Delete(NameOf<T>(), _attributes);
        }
    }

    /// <summary>Encrypts content of a kind, for a cookie or an address.</summary>
    public string Seal<T>(T content)
        where T : class =>
        WebEncoders.Base64UrlEncode(ProtectorOf<T>().Protect(JsonSerializer.SerializeToUtf8Bytes(content, Json)));

    /// <returns>The content; null if there is none of this kind, or it is not ours.</returns>
    public T? Open<T>(string? text)
        where T : class
    {
        try
        {
            return string.IsNullOrEmpty(text)
                ? null
                : JsonSerializer.Deserialize<T>(ProtectorOf<T>().Unprotect(WebEncoders.Base64UrlDecode(text)));
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException or JsonException)
        {
            return null;
        }
    }

    private IDataProtector ProtectorOf<T>() => _protector.CreateProtector($"{typeof(T)}");

    private string NameOf<T>() => $"{signIn.Value.CookieName}-{typeof(T).Name.ToLowerInvariant()}";

    private sealed record Envelope<T>(DateTimeOffset ExpiresAt, T Content);
}
