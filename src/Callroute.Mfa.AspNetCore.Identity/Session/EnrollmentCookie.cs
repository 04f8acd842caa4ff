using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore.Identity.Session;

/// <summary>
/// Keeps the id of an unfinished enrolment in the browser, because Identity's pages have no place for it. Only the session that began may
/// use it: otherwise a thief's session could begin, read the secret, and let the owner confirm it.
/// </summary>
internal sealed class EnrollmentCookie(IDataProtectionProvider protection, IOptions<MfaOptions> mfa, IOptions<MfaSignInOptions> signIn)
{
    private readonly IDataProtector _protector = protection.CreateProtector("Callroute.Mfa.Identity/enrollment/1");

    private readonly string _name = signIn.Value.CookieName + "-enrollment";

    private readonly CookieOptions _attributes = new()
    {
        Path = signIn.Value.CookiePath,
        Secure = true,
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        IsEssential = true,
        MaxAge = mfa.Value.EnrollmentLifetime,
    };

    /// <returns>The enrolment that this session has begun; null if there is none.</returns>
    public Guid? Read(HttpContext context, MfaSubject subject, string? sessionId)
    {
        if (sessionId is null || context.Request.Cookies[_name] is not { Length: > 0 } text)
        {
            return null;
        }

        try
        {
            return _protector.CreateProtector(subject.UserId, sessionId).Unprotect(Convert.FromBase64String(text)) is { Length: 16 } id
                ? new Guid(id)
                : null;
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            return null;
        }
    }

    public void Write(HttpContext context, MfaSubject subject, string sessionId, Guid enrollmentId) => context.Response.Cookies.Append(
        _name,
        Convert.ToBase64String(_protector.CreateProtector(subject.UserId, sessionId).Protect(enrollmentId.ToByteArray())),
        _attributes);

    public void End(HttpContext context) => context.Response.Cookies.Delete(_name, _attributes);
}
