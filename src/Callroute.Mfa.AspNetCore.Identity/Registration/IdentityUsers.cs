using Callroute.Mfa.AspNetCore.Identity.Import;
using Microsoft.AspNetCore.Identity;

namespace Callroute.Mfa.AspNetCore.Identity.Registration;

/// <summary>Identity's users. The column <c>TwoFactorEnabled</c> is the fact that a user is enrolled.</summary>
internal sealed class IdentityUsers<TUser>(
    UserManager<TUser> users,
    IUserClaimsPrincipalFactory<TUser> principals,
    IdentityMfaOptions options,
    IdentityRows<TUser> rows)
    : IMfaUsers
    where TUser : class
{
    public async ValueTask<MfaUser?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default)
    {
        if (await FindUserAsync(subject).ConfigureAwait(false) is not { } user
            || (users.SupportsUserLockout && await users.IsLockedOutAsync(user).ConfigureAwait(false)))
        {
            return null;
        }

        var principal = await principals.CreateAsync(user).ConfigureAwait(false);
        return new MfaUser
        {
            AccountName = await users.AccountNameOfAsync(user).ConfigureAwait(false),
            Policy = options.PolicyOf(principal),
            IsEnrolled = await users.GetTwoFactorEnabledAsync(user).ConfigureAwait(false),
            Claims = [.. principal.Claims],
            SecurityStamp = await users.GetSecurityStampAsync(user).ConfigureAwait(false),
        };
    }

    /// <summary>Finds users by the whole user name and by the whole e-mail address.</summary>
    public async ValueTask<IReadOnlyList<MfaSubject>> SearchAsync(
        string text, string? tenant, CancellationToken cancellationToken = default)
    {
        // Somebody may have taken the address of another user as a user name. The administrator must see both.
        var byName = await users.FindByNameAsync(text).ConfigureAwait(false);
        var byEmail = users.SupportsUserEmail ? await users.FindByEmailAsync(text).ConfigureAwait(false) : null;
        List<MfaSubject> subjects = [];
        foreach (var user in new[] { byName, byEmail }.OfType<TUser>())
        {
            subjects.Add(await users.SubjectOfAsync(user).ConfigureAwait(false));
        }

        return subjects;
    }

    public ValueTask SetEnrolledAsync(MfaSubject subject, bool isEnrolled, CancellationToken cancellationToken = default) =>
        new(subject.Tenant is null ? rows.SetEnrolledAsync(subject.UserId, isEnrolled) : Task.CompletedTask);

    public async ValueTask AfterResetAsync(MfaSubject subject, CancellationToken cancellationToken = default)
    {
        if (await FindUserAsync(subject).ConfigureAwait(false) is { } user
            && await ((MfaUserManager<TUser>)users).EndAfterResetAsync(user).ConfigureAwait(false) is { Succeeded: false } refusal)
        {
            throw new InvalidOperationException($"Identity did not end the user's sessions: {refusal}");
        }
    }

    // Identity's users have no tenant. An administrator may type any text. Identity takes "01" for the key 1, and throws at a text that is
    // no key.
    private async Task<TUser?> FindUserAsync(MfaSubject subject)
    {
        try
        {
            var user = await users.FindByIdAsync(subject.UserId).ConfigureAwait(false);
            return user is not null && await users.SubjectOfAsync(user).ConfigureAwait(false) == subject ? user : null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            return null;
        }
    }
}
