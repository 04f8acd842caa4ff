using Microsoft.AspNetCore.Identity;

namespace Callroute.Mfa.AspNetCore.Identity.Session;

/// <summary>
/// Keeps the id of an unfinished enrolment, because Identity's pages and endpoints have no place for it. It is in the session's cookie. For
/// an API client with a token, which cannot be written again, it is in Identity's table. Only the session that began the enrolment can
/// confirm it. Otherwise a thief's session could begin, read the secret, and let the owner confirm it.
/// </summary>
internal sealed class UnfinishedEnrollment<TUser>(UserManager<TUser> users, MfaSignInManager<TUser> signIn)
    where TUser : class
{
    private const string Provider = "[Callroute.Mfa]";
    private const string Row = "Enrollment";

    public async Task<Guid?> FindAsync(TUser user, CurrentSession session)
    {
        if (session.IsCookie)
        {
            return session.Facts.Enrollment;
        }

        var row = await users.GetAuthenticationTokenAsync(user, Provider, Row).ConfigureAwait(false);
        return row?.Split(' ') is [var owner, var enrollment] && owner == session.Facts.Id ? Guid.Parse(enrollment) : null;
    }

    /// <summary>Keeps it. This request finds it too, because the properties that are written are those of its own ticket.</summary>
    public Task KeepAsync(TUser user, CurrentSession session, Guid enrollment) => session.IsCookie
        ? signIn.RenewAsync(user, facts => facts with { Enrollment = enrollment }, isProved: true)
        : users.SetAuthenticationTokenAsync(user, Provider, Row, $"{session.Facts.Id} {enrollment}");

    /// <summary>Removes the row. A cookie is written again anyway after the confirmation.</summary>
    public Task EndAsync(TUser user, CurrentSession session) => session.IsCookie
        ? Task.CompletedTask
        : users.RemoveAuthenticationTokenAsync(user, Provider, Row);
}
