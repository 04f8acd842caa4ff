using Callroute.Mfa.Argon2;
using Callroute.Mfa.AspNetCore.Identity.Gate;
using Callroute.Mfa.AspNetCore.Identity.Import;
using Callroute.Mfa.AspNetCore.Identity.Session;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore.Identity.Registration;

/// <summary>Adds every part for one type of user.</summary>
internal sealed class IdentityRegistration<TUser>(IServiceCollection services) : IIdentityRegistration
    where TUser : class
{
    public void Add(Action<IdentityMfaOptions>? configure)
    {
        AddDefaults();
        var defaults = new Parts(services, areDefaults: true);
        var options = new IdentityMfaOptions(AddMfa());
        configure?.Invoke(options);
        services.AddSingleton(options);
        defaults.UseDataProtection().UseArgon2();
        defaults.UseStore(IdentityStore.Create<TUser>);
        ReplaceManager(typeof(UserManager<TUser>), typeof(MfaUserManager<TUser>));
        ReplaceManager(typeof(SignInManager<TUser>), typeof(MfaSignInManager<TUser>));
        AddParts();
        AddGate();
    }

    /// <returns>The builder; the application may have called <c>services.AddCallrouteMfa</c> before.</returns>
    private IMfaBuilder AddMfa() => services.Any(service => service.ServiceType == typeof(MfaService))
        ? new Parts(services, areDefaults: false)
        : services.AddCallrouteMfa();

    // First of all, so that the configuration and the application's own code are applied later and win.
    private void AddDefaults()
    {
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<MfaOptions>, MfaDefaults>());
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<MfaSignInOptions>, MfaSignInDefaults>());
    }

    private void ReplaceManager(Type service, Type ours)
    {
        var current = services.LastOrDefault(descriptor => descriptor.ServiceType == service && !descriptor.IsKeyedService);
        if (current?.ImplementationType is { } chosen && ours.IsAssignableFrom(chosen))
        {
            return;
        }

        if (current is not null && current.ImplementationType != service)
        {
            throw new InvalidOperationException(
                Advice.ForeignManager(current.ImplementationType?.Name ?? $"A factory of {Advice.NameOf(service)}", ours));
        }

        services.RemoveAll(service);
        services.AddScoped(service, ours);
    }

    private void AddParts()
    {
        services.AddHttpContextAccessor();
        services.TryAddSingleton<KnownDeviceCookie>();
        services.TryAddScoped<UnfinishedEnrollment<TUser>>();
        services.TryAddScoped<IdentityMfa<TUser>>();
        services.TryAddScoped<IdentityAccount<TUser>>();
        services.TryAddSingleton<IdentityRows<TUser>>();
        services.TryAddSingleton<EarlierAuthenticator<TUser>>();
        services.TryAddSingleton<IIdentityMigration, IdentityMigration<TUser>>();
        services.AddScoped<IMfaUsers, IdentityUsers<TUser>>();
        services.TryAddTransient<AuthenticatorProvider<TUser>>();
        services.AddSingleton<IPostConfigureOptions<IdentityOptions>, ProviderOptions>();
        services.AddSingleton<IPostConfigureOptions<CookieAuthenticationOptions>, SecondFactorStep.CookieOptions>();
        services.AddSingleton<IHostedService, IdentityStart<TUser>>();
    }

    private void AddGate()
    {
        services.AddScoped<IAuthorizationHandler, MfaGate<TUser>>();
        var inner = services.Last(service => service.ServiceType == typeof(IAuthorizationMiddlewareResultHandler));
        services.AddScoped<IAuthorizationMiddlewareResultHandler>(
            provider => ActivatorUtilities.CreateInstance<MfaGateResult<TUser>>(provider, Create(provider, inner)));
        services.Configure<MvcOptions>(options => options.Filters.Add<WaitOnPage>());
    }

    private static object Create(IServiceProvider provider, ServiceDescriptor part) =>
        part.ImplementationInstance
        ?? part.ImplementationFactory?.Invoke(provider)
        ?? ActivatorUtilities.CreateInstance(provider, part.ImplementationType!);

    // After every Configure, so that a later AddDefaultTokenProviders does not bring the provider of Identity back.
    private sealed class ProviderOptions : IPostConfigureOptions<IdentityOptions>
    {
        public void PostConfigure(string? name, IdentityOptions options) =>
            options.Tokens.ProviderMap[options.Tokens.AuthenticatorTokenProvider] = new(typeof(AuthenticatorProvider<TUser>));
    }
}
