using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>Reads from the session who the user of a request is.</summary>
internal sealed class PageUser(IOptions<MfaSignInOptions> options)
{
    /// <returns>The signed-in user; null if nobody is signed in.</returns>
    public async Task<ClaimsPrincipal?> FindAsync(HttpContext context) =>
        await context.AuthenticateAsync(options.Value.Scheme).ConfigureAwait(false) is { Succeeded: true, Principal: { } principal }
        && SubjectOf(principal) is not null
            ? principal
            : null;

    /// <returns>The signed-in user, and a name for the user's session; null if nobody is signed in.</returns>
    public async Task<(MfaSubject Subject, string Owner)?> FindOwnerAsync(HttpContext context) =>
        await FindAsync(context).ConfigureAwait(false) is { } principal && SubjectOf(principal) is { } subject
            ? (subject, OwnerOf(subject, principal.FindFirstValue(MfaClaims.SignInTime)))
            : null;

    /// <returns>The name of the session of a user who signs in at this time.</returns>
    public static string OwnerOf(MfaSubject subject, DateTimeOffset signedInAt) =>
        OwnerOf(subject, signedInAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));

    private static string OwnerOf(MfaSubject subject, string? signedInAt) => $"{signedInAt}\n{subject.Tenant}\n{subject.UserId}";

    public MfaSubject? SubjectOf(ClaimsPrincipal principal) =>
        principal.FindFirstValue(options.Value.UserIdClaim) is { Length: > 0 } id
            ? new MfaSubject(id, options.Value.TenantClaim is { } tenant ? principal.FindFirstValue(tenant) : null)
            : null;
}
