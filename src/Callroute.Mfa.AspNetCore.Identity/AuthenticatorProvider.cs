using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Identity;

/// <summary>Identity's token provider for authenticator apps. Identity's managers and endpoints verify every code here.</summary>
internal sealed class AuthenticatorProvider<TUser> : IUserTwoFactorTokenProvider<TUser>
    where TUser : class
{
    // The app makes the codes.
    public Task<string> GenerateAsync(string purpose, UserManager<TUser> manager, TUser user) => Task.FromResult(string.Empty);

    public async Task<bool> ValidateAsync(string purpose, string token, UserManager<TUser> manager, TUser user)
    {
        // Not in the constructor: the manager creates this provider, and IdentityMfa needs the manager.
        var identity = manager.ServiceProvider.GetRequiredService<IdentityMfa<TUser>>();
        return (await identity.CheckAsync(user, token).ConfigureAwait(false)).Succeeded;
    }

    public Task<bool> CanGenerateTwoFactorTokenAsync(UserManager<TUser> manager, TUser user) => manager.GetTwoFactorEnabledAsync(user);
}
