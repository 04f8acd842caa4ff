using Microsoft.AspNetCore.Identity;

namespace Callroute.Mfa.AspNetCore.Identity;

/// <summary>Reads what Callroute.Mfa needs of Identity's users.</summary>
internal static class UserManagerExtensions
{
    public static async Task<MfaSubject> SubjectOfAsync<TUser>(this UserManager<TUser> users, TUser user)
        where TUser : class =>
        new(await users.GetUserIdAsync(user).ConfigureAwait(false));

    public static async Task<string> AccountNameOfAsync<TUser>(this UserManager<TUser> users, TUser user)
        where TUser : class =>
        (users.SupportsUserEmail ? await users.GetEmailAsync(user).ConfigureAwait(false) : null) is { Length: > 0 } address
            ? address
            : await users.GetUserNameAsync(user).ConfigureAwait(false) ?? await users.GetUserIdAsync(user).ConfigureAwait(false);
}
