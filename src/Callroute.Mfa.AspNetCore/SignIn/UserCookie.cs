using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Keeps one token of each user in the browser. It survives a sign-out.</summary>
/// <param name="options">The settings of the sign-in.</param>
/// <param name="kind">A part of the name that no other such cookie has.</param>
/// <param name="lifetime">How long the browser keeps it.</param>
internal abstract class UserCookie(MfaSignInOptions options, string kind, TimeSpan lifetime)
{
    // Servers limit the size of request headers, and a shared browser may see many users.
    private const int MaximumCookies = 8;

    private const int HashSize = 8;

    private readonly string _prefix = $"{options.CookieName}-{kind}-";

    private readonly CookieOptions _attributes = new()
    {
        Path = options.CookiePath,
        Secure = true,
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        IsEssential = true,
        MaxAge = lifetime,
    };

    /// <returns>The token, or null. It is not checked.</returns>
    public string? Read(HttpContext context, MfaSubject subject) => context.Request.Cookies[NameFor(subject)];

    /// <summary>Writes a token, and removes the oldest cookies of other users if there are too many.</summary>
    /// <param name="context">The request.</param>
    /// <param name="subject">The user.</param>
    /// <param name="token">The token. If it is null, nothing is written.</param>
    public void Write(HttpContext context, MfaSubject subject, string? token)
    {
        if (token is null)
        {
            return;
        }

        var name = NameFor(subject);
        context.Response.Cookies.Append(name, token, _attributes);

        // Browsers send older cookies first.
        var others = context.Request.Cookies.Keys.Where(other => IsName(other) && other != name).ToArray();
        foreach (var surplus in others.SkipLast(MaximumCookies - 1))
        {
            context.Response.Cookies.Delete(surplus, _attributes);
        }
    }

    // The length of the tenant comes first, so that no two subjects have the same text.
    private string NameFor(MfaSubject subject)
    {
        var text = $"{subject.Tenant?.Length ?? 0}:{subject.Tenant}{subject.UserId}";
        return _prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, HashSize));
    }

    private bool IsName(string name) =>
        name.Length == _prefix.Length + (2 * HashSize) && name.StartsWith(_prefix, StringComparison.Ordinal);
}
