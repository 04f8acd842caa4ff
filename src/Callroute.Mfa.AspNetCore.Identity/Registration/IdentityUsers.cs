using Callroute.Mfa.AspNetCore.Identity.Import;
using Microsoft.AspNetCore.Identity;

namespace Callroute.Mfa.AspNetCore.Identity.Registration;

/// <summary>Identity's users. The column <c>TwoFactorEnabled</c> is the fact that a user is enrolled.</summary>
internal sealed class IdentityUsers<TUser>(
    UserManager<TUser> users,
    IUserClaimsPrincipalFactory<TUser> principals,
    IdentityMfaOptions options,
    IdentityMfa<TUser> identity,
    IdentityRows<TUser> rows)
    : IMfaUsers
    where TUser : class
{
    private const int Tries = 3;

    public async ValueTask<MfaUser?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default)
    {
        if (await users.FindByIdAsync(subject.UserId).ConfigureAwait(false) is not { } user
            || (users.SupportsUserLockout && await users.IsLockedOutAsync(user).ConfigureAwait(false)))
        {
            return null;
        }

        var principal = await principals.CreateAsync(user).ConfigureAwait(false);
        return new MfaUser
        {
            AccountName = await identity.AccountNameOfAsync(user).ConfigureAwait(false),
            Policy = options.PolicyOf(principal),
            IsEnrolled = await users.GetTwoFactorEnabledAsync(user).ConfigureAwait(false),
            Claims = [.. principal.Claims],
            SecurityStamp = users.SupportsUserSecurityStamp ? await users.GetSecurityStampAsync(user).ConfigureAwait(false) : null,
        };
    }

    public async ValueTask SetEnrolledAsync(MfaSubject subject, bool isEnrolled, CancellationToken cancellationToken = default)
    {
        await rows.OnEnrolledChangedAsync(subject.UserId, isEnrolled).ConfigureAwait(false);
        for (var tries = 1; await users.FindByIdAsync(subject.UserId).ConfigureAwait(false) is { } user; tries++)
        {
            // A request may have changed the row since this scope read it.
            await identity.ReloadAsync(user).ConfigureAwait(false);
            if (await users.GetTwoFactorEnabledAsync(user).ConfigureAwait(false) == isEnrolled)
            {
                return;
            }

            var result = await ((MfaUserManager<TUser>)users).WriteTwoFactorEnabledAsync(user, isEnrolled).ConfigureAwait(false);
            if (result.Succeeded)
            {
                return;
            }

            if (tries == Tries || result.Errors.All(error => error.Code != nameof(IdentityErrorDescriber.ConcurrencyFailure)))
            {
                throw new InvalidOperationException($"Identity did not store TwoFactorEnabled: {result}");
            }
        }
    }
}
