using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Writes and reads the half-signed-in challenge.</summary>
/// <remarks>
/// Everything is in the properties of the ticket and nothing in its principal: whoever takes the scheme for a sign-in by
/// mistake finds no user id in it.
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

    // The ticket is encrypted and encoded, and has to fit into one cookie.
    private const int MaximumReturnPathLength = 2000;

    /// <summary>Has the last word: what an application sets for all its cookies is not meant for this one.</summary>
    public static void Configure(CookieAuthenticationOptions options, IOptions<MfaSignInOptions> signInOptions)
    {
        options.Cookie.Name = "__Host-callroute-mfa";
        options.Cookie.Path = "/";
        options.Cookie.Domain = null;
        options.Cookie.HttpOnly = true;
        options.Cookie.SecurePolicy = CookieSecurePolicy.Always;

        // Lax and not strict, so that a first factor at another site can lead here.
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.IsEssential = true;
        options.ExpireTimeSpan = signInOptions.Value.ChallengeLifetime;
        options.SlidingExpiration = false;

        // Where to go next is the application's to say, also at the path that the scheme takes for its login.
        options.Events = new CookieAuthenticationEvents { OnRedirectToReturnUrl = _ => Task.CompletedTask };
        options.EventsType = null;
    }

    public Task WriteAsync(HttpContext context, MfaSubject subject, AttemptId attempt, bool isEnrollment, bool isPersistent, string? returnPath)
    {
        var now = clock.GetUtcNow();
        var properties = new AuthenticationProperties { IssuedUtc = now, ExpiresUtc = now + options.Value.ChallengeLifetime, AllowRefresh = false };
        Set(properties, UserId, subject.UserId);
        Set(properties, Tenant, subject.Tenant);
        Set(properties, Attempt, attempt.ToString());
        Set(properties, Enrollment, isEnrollment ? Yes : null);
        Set(properties, Persistent, isPersistent ? Yes : null);
        Set(properties, Return, IsLocal(returnPath) ? returnPath : null);
        return context.SignInAsync(MfaChallenge.Scheme, new ClaimsPrincipal(new ClaimsIdentity(MfaChallenge.Scheme)), properties);
    }

    /// <returns>The challenge; null where there is none, or it is forged, foreign or over.</returns>
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
            ticket.Properties!.ExpiresUtc!.Value);
    }

    public static Task EndAsync(HttpContext context) => context.SignOutAsync(MfaChallenge.Scheme);

    // The ticket's serializer cannot tell null from empty.
    private static void Set(AuthenticationProperties properties, string key, string? value)
    {
        if (value is not null)
        {
            properties.Items[key] = value;
        }
    }

    // A path of this site: neither another host ("//host", "/\host") nor what a browser cleans to one.
    private static bool IsLocal(string? url) =>
        url?.Length <= MaximumReturnPathLength && url is ['/'] or ['/', not ('/' or '\\'), ..] && !url.Any(char.IsControl);
}
