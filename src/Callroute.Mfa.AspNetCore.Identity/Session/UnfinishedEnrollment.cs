using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore.Identity.Session;

/// <summary>
/// Keeps the id of an unfinished enrolment, because Identity's pages and endpoints have no place for it. It is in a cookie. For an API
/// client with a token it is in Identity's table, and for a request without encryption too, because browsers drop the cookie there. Only
/// the session that began the enrolment can read it. Otherwise a thief's session could begin, read the secret, and let the owner
/// confirm it.
/// </summary>
internal sealed class UnfinishedEnrollment<TUser>(
    IServiceProvider services,
    IHttpContextAccessor http,
    IDataProtectionProvider protection,
    IOptions<MfaOptions> mfa,
    IOptions<MfaSignInOptions> signIn)
    where TUser : class
{
    private const string Provider = "[Callroute.Mfa]";
    private const string Row = "Enrollment";

    // Not in the constructor: the manager creates its token provider, which needs this.
    private UserManager<TUser> Users => services.GetRequiredService<UserManager<TUser>>();

    private string Cookie => signIn.Value.CookieName + "-enrollment";

    private CookieOptions Attributes => new()
    {
        Path = signIn.Value.CookiePath,
        Secure = true,
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        IsEssential = true,
        MaxAge = mfa.Value.EnrollmentLifetime,
    };

    public async Task<Guid?> FindAsync(TUser user, CurrentSession session)
    {
        var text = UsesCookie(session) ? http.HttpContext!.Request.Cookies[Cookie]
            : await Users.GetAuthenticationTokenAsync(user, Provider, Row).ConfigureAwait(false);
        try
        {
            return text is not null && ProtectorOf(session) is { } protector
                ? new Guid(protector.Unprotect(Convert.FromBase64String(text)))
                : null;
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            // Of another session, or altered.
            return null;
        }
    }

    public async Task KeepAsync(TUser user, CurrentSession session, Guid enrollmentId)
    {
        var text = Convert.ToBase64String(ProtectorOf(session)!.Protect(enrollmentId.ToByteArray()));
        if (UsesCookie(session))
        {
            http.HttpContext!.Response.Cookies.Append(Cookie, text, Attributes);
        }
        else
        {
            await Users.SetAuthenticationTokenAsync(user, Provider, Row, text).ConfigureAwait(false);
        }
    }

    public async Task EndAsync(TUser user, CurrentSession session)
    {
        if (UsesCookie(session))
        {
            http.HttpContext!.Response.Cookies.Delete(Cookie, Attributes);
        }
        else
        {
            await Users.RemoveAuthenticationTokenAsync(user, Provider, Row).ConfigureAwait(false);
        }
    }

    private bool UsesCookie(CurrentSession session) => session.IsCookie && http.HttpContext!.Request.IsHttps;

    private IDataProtector? ProtectorOf(CurrentSession session) => session.Facts.Id is { } id
        ? protection.CreateProtector("Callroute.Mfa.Identity/enrollment/1", Users.GetUserId(session.Ticket.Principal)!, id)
        : null;
}
