using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore.Identity.Registration;

/// <summary>Stops the start if the application's own parts do not fit, or if one that was registered later replaced ours.</summary>
internal sealed class IdentityStart<TUser>(IServiceProvider services) : IHostedService
    where TUser : class
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var scope = services.CreateAsyncScope();
        await using var _ = scope.ConfigureAwait(false);
        var advice = FindForeignManager<UserManager<TUser>, MfaUserManager<TUser>>(scope.ServiceProvider)
            ?? FindForeignManager<SignInManager<TUser>, MfaSignInManager<TUser>>(scope.ServiceProvider)
            ?? FindForeignPart(scope.ServiceProvider);
        if (advice is not null)
        {
            throw new InvalidOperationException(advice);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static string? FindForeignManager<TService, TOurs>(IServiceProvider services)
        where TService : class =>
        services.GetRequiredService<TService>() switch
        {
            TOurs => null,
            var manager when manager.GetType() == typeof(TService) => Advice.WrongOrder(typeof(TService)),
            var manager => Advice.ForeignManager(manager.GetType().Name, typeof(TOurs)),
        };

    // Identity's own provider of codes accepts a code many times.
    private static string? FindForeignPart(IServiceProvider services)
    {
        var users = services.GetRequiredService<UserManager<TUser>>();
        var tokens = services.GetRequiredService<IOptions<IdentityOptions>>().Value.Tokens;
        var provider = tokens.ProviderMap.GetValueOrDefault(tokens.AuthenticatorTokenProvider)?.ProviderType;
        return !users.SupportsUserTwoFactor || !users.SupportsUserSecurityStamp ? Advice.UnfitUserStore
            : services.GetRequiredService<IdentityMfaOptions>().RequiredRole is not null && !users.SupportsUserRole ? Advice.NoRoles
            : services.GetRequiredService<IOptions<MfaSignInOptions>>().Value.TenantClaim is not null ? Advice.Tenants
            : services.GetRequiredService<IMfaUsers>() is not IdentityUsers<TUser> ? Advice.ForeignUsers
            : provider != typeof(AuthenticatorProvider<TUser>) ? Advice.ForeignProvider
            : null;
    }
}
