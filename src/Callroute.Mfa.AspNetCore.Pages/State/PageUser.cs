using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>Reads from the session who the user of a request is.</summary>
internal sealed class PageUser(IOptions<MfaSignInOptions> options)
{
    private const int HashSize = 16;

    /// <returns>The signed-in user; null if nobody is signed in.</returns>
    public async Task<ClaimsPrincipal?> FindAsync(HttpContext context) =>
        await context.AuthenticateAsync(options.Value.Scheme).ConfigureAwait(false) is { Succeeded: true, Principal: { } principal }
        && SubjectOf(principal) is not null
            ? principal
            : null;

    /// <returns>
    /// The signed-in user, and a name for the user's session. Null if nobody is signed in. Also null if the session does not say when it
    /// began: the name would then be the same for all sessions of the user.
    /// </returns>
    public async Task<(MfaSubject Subject, string Owner)?> FindOwnerAsync(HttpContext context) =>
        await FindAsync(context).ConfigureAwait(false) is { } principal && SubjectOf(principal) is { } subject
        && principal.FindFirstValue(MfaClaims.SignInTime) is { } signedInAt
            ? (subject, HashOf(subject, signedInAt))
            : null;

    /// <returns>The application's row of the signed-in user; null if there is none.</returns>
    public async Task<MfaUser?> FindRowAsync(HttpContext context) =>
        await FindAsync(context).ConfigureAwait(false) is { } principal && SubjectOf(principal) is { } subject
            ? await context.RequestServices.GetRequiredService<IMfaUsers>().FindAsync(subject, context.RequestAborted).ConfigureAwait(false)
            : null;

    /// <summary>Keeps who the user of the request is: the signed-in one, or the one who is half signed in.</summary>
    public static void Remember(HttpContext context, MfaSubject subject) => context.Items[typeof(PageUser)] = HashOf(subject, string.Empty);

    /// <summary>Ends what <see cref="Remember"/> keeps: the next page has no user.</summary>
    public static void Forget(HttpContext context) => context.Items.Remove(typeof(PageUser));

    /// <returns>A name for the user of the request; null if there is none.</returns>
    public static string? Remembered(HttpContext context) => context.Items[typeof(PageUser)] as string;

    /// <returns>The name of the session of a user who signs in at this time.</returns>
    public static string OwnerOf(MfaSubject subject, DateTimeOffset signedInAt) =>
        HashOf(subject, signedInAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));

    // The length comes first, so that no two subjects have the same text. A hash fits into a cookie, however long the id is.
    private static string HashOf(MfaSubject subject, string signedInAt)
    {
        var text = $"{signedInAt}:{subject.Tenant?.Length ?? -1}:{subject.Tenant}{subject.UserId}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, HashSize));
    }

    public MfaSubject? SubjectOf(ClaimsPrincipal principal) => ClaimedSubject.Find(principal, options.Value);
}
