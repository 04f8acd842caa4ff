using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Writes and reads the half-signed-in challenge.</summary>
/// <remarks>
/// All data is in the ticket's properties and none in its principal, so an endpoint that accepts this scheme by mistake finds no user id.
/// </remarks>
internal sealed class ChallengeCookie(IOptions<MfaSignInOptions> options, TimeProvider clock)
{
    private const string UserId = "user";
    private const string Tenant = "tenant";
    private const string Attempt = "attempt";
    private const string Enrollment = "enrollment";
    private const string Persistent = "persistent";
    private const string Return = "return";
    private const string Yes = "yes";

    // The encrypted and encoded ticket must fit into one cookie.
    private const int MaximumReturnPathLength = 2000;

    /// <summary>Runs last, so that settings of the application for all cookies do not change this one.</summary>
    public static void Configure(CookieAuthenticationOptions options, IOptions<MfaSignInOptions> signInOptions)
    {
        options.Cookie.Name = "__Host-callroute-mfa";
        options.Cookie.Path = "/";
        options.Cookie.Domain = null;
        options.Cookie.HttpOnly = true;
        options.Cookie.SecurePolicy = CookieSecurePolicy.Always;

        // Lax instead of strict: a first factor at another site must be able to redirect here.
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.IsEssential = true;
        options.ExpireTimeSpan = signInOptions.Value.ChallengeLifetime;
        options.SlidingExpiration = false;

        // The application decides where to go next, even at the path that the scheme uses as its login path.
        options.Events = new CookieAuthenticationEvents { OnRedirectToReturnUrl = _ => Task.CompletedTask };
        options.EventsType = null;
    }

    public Task WriteAsync(
        HttpContext context, MfaSubject subject, AttemptId attempt, bool isEnrollment, bool isPersistent, string? returnPath)
    {
        var now = clock.GetUtcNow();
        var properties = new AuthenticationProperties
        {
            IssuedUtc = now,
            ExpiresUtc = now + options.Value.ChallengeLifetime,
            AllowRefresh = false,
        };
        Set(properties, UserId, subject.UserId);
        Set(properties, Tenant, subject.Tenant);
        Set(properties, Attempt, attempt.ToString());
        Set(properties, Enrollment, isEnrollment ? Yes : null);
        Set(properties, Persistent, isPersistent ? Yes : null);
        Set(properties, Return, IsLocal(returnPath) ? returnPath : null);
        return context.SignInAsync(MfaChallenge.Scheme, new ClaimsPrincipal(new ClaimsIdentity(MfaChallenge.Scheme)), properties);
    }

    /// <returns>The challenge, or null if there is none or it is invalid or expired.</returns>
    public static async Task<MfaChallenge?> ReadAsync(HttpContext context)
    {
        var ticket = await context.AuthenticateAsync(MfaChallenge.Scheme).ConfigureAwait(false);
        var items = ticket.Properties?.Items;
        if (!ticket.Succeeded || items is null || !AttemptId.TryParse(items.GetOrNull(Attempt), out var attempt))
        {
            return null;
        }

        return new MfaChallenge(
            new MfaSubject(items.GetOrNull(UserId)!, items.GetOrNull(Tenant)),
            attempt,
            isEnrollment: items.GetOrNull(Enrollment) is not null,
            isPersistent: items.GetOrNull(Persistent) is not null,
            items.GetOrNull(Return),
            ticket.Properties!.IssuedUtc!.Value,
            ticket.Properties.ExpiresUtc!.Value);
    }

    public static Task EndAsync(HttpContext context) => context.SignOutAsync(MfaChallenge.Scheme);

    // The ticket's serializer reads null as empty.
    private static void Set(AuthenticationProperties properties, string key, string? value)
    {
        if (value is not null)
        {
            properties.Items[key] = value;
        }
    }

    // A path of this site. Browsers read "//host" and "/\host" as another host, and remove control characters first.
    private static bool IsLocal(string? url) =>
        url?.Length <= MaximumReturnPathLength && url is ['/'] or ['/', not ('/' or '\\'), ..] && !url.Any(char.IsControl);
}
