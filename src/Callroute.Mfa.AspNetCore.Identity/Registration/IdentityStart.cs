using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore.Identity.Registration;

/// <summary>Stops the start if something that was registered later replaced a part of this package.</summary>
internal sealed class IdentityStart<TUser>(IServiceProvider services) : IHostedService
    where TUser : class
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var scope = services.CreateAsyncScope();
        await using var _ = scope.ConfigureAwait(false);
        var users = scope.ServiceProvider.GetRequiredService<UserManager<TUser>>();
        Check(users, typeof(UserManager<TUser>), typeof(MfaUserManager<TUser>));
        var signIn = scope.ServiceProvider.GetRequiredService<SignInManager<TUser>>();
        Check(signIn, typeof(SignInManager<TUser>), typeof(MfaSignInManager<TUser>));
        if (!users.SupportsUserTwoFactor || !users.SupportsUserSecurityStamp)
        {
            throw new InvalidOperationException(Advice.UnfitUserStore);
        }

        if (scope.ServiceProvider.GetRequiredService<IMfaUsers>() is not IdentityUsers<TUser>)
        {
            throw new InvalidOperationException(Advice.ForeignUsers);
        }

        CheckProvider(scope.ServiceProvider.GetRequiredService<IOptions<IdentityOptions>>().Value.Tokens);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static void Check(object manager, Type service, Type ours)
    {
        if (!ours.IsInstanceOfType(manager))
        {
            throw new InvalidOperationException(
                manager.GetType() == service ? Advice.WrongOrder(service) : Advice.ForeignManager(manager.GetType().Name, ours));
        }
    }

    // A post-configuration that runs after ours could bring back the provider of Identity, which accepts a code many times.
    private static void CheckProvider(TokenOptions tokens)
    {
        if (tokens.ProviderMap.GetValueOrDefault(tokens.AuthenticatorTokenProvider)?.ProviderType != typeof(AuthenticatorProvider<TUser>))
        {
            throw new InvalidOperationException(Advice.ForeignProvider);
        }
    }
}
