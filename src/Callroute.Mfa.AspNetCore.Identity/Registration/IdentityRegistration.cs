using System.Reflection;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.AspNetCore.Identity.Gate;
using Callroute.Mfa.AspNetCore.Identity.Import;
using Callroute.Mfa.AspNetCore.Identity.Session;
using Callroute.Mfa.EntityFrameworkCore;
using Callroute.Mfa.Storage;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore.Identity.Registration;

/// <summary>Adds every part for one type of user.</summary>
internal static class IdentityRegistration
{
    public static void Add<TUser>(IServiceCollection services, Action<IdentityMfaOptions>? configure)
        where TUser : class
    {
        // First of all, so that the configuration and the application's own code are applied later and win.
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<MfaOptions>, MfaDefaults>());
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<MfaSignInOptions>, MfaDefaults>());

        // The application may have called services.AddCallrouteMfa before.
        var isAdded = Find(services, typeof(MfaService)) is not null;
        var options = new IdentityMfaOptions(isAdded ? new MfaBuilder(services) : services.AddCallrouteMfa());
        configure?.Invoke(options);
        services.AddSingleton(options);
        AddMissing(services, FindContext(Find(services, typeof(IUserStore<TUser>))?.ImplementationType)?.PropertyType);
        ReplaceManager<UserManager<TUser>, MfaUserManager<TUser>>(services);
        ReplaceManager<SignInManager<TUser>, MfaSignInManager<TUser>>(services);
        AddParts<TUser>(services);
        AddGate<TUser>(services);
    }

    /// <summary>The property in which Identity's stores on Entity Framework have their context; null for other stores.</summary>
    public static PropertyInfo? FindContext(Type? store) =>
        store?.GetProperty("Context") is { } property && property.PropertyType.IsAssignableTo(typeof(DbContext)) ? property : null;

    // Adds only parts that the application has not chosen itself.
    private static void AddMissing(IServiceCollection services, Type? context)
    {
        ServiceCollection ours = [];
        var builder = new MfaBuilder(ours).UseDataProtection().UseArgon2();
        if (context is not null)
        {
            typeof(EntityFrameworkBuilderExtensions).GetMethod(nameof(EntityFrameworkBuilderExtensions.UseEntityFramework))!
                .MakeGenericMethod(context).Invoke(null, [builder, null]);
        }

        services.TryAdd(ours);
        if (Find(services, typeof(IMfaStore)) is null)
        {
            throw new InvalidOperationException(Advice.NoStore);
        }
    }

    // Does not replace a manager of the application's own. IdentityStart checks that it derives from ours.
    private static void ReplaceManager<TService, TOurs>(IServiceCollection services)
        where TService : class
        where TOurs : class, TService
    {
        if (Find(services, typeof(TService)) is not { } current || current.ImplementationType == typeof(TService))
        {
            services.RemoveAll<TService>().AddScoped<TService, TOurs>();
        }
    }

    private static void AddParts<TUser>(IServiceCollection services)
        where TUser : class
    {
        services.AddHttpContextAccessor();
        services.TryAddSingleton<KnownDeviceCookie>();
        services.TryAddScoped(provider => (MfaSignInManager<TUser>)provider.GetRequiredService<SignInManager<TUser>>());
        services.TryAddScoped<UnfinishedEnrollment<TUser>>();
        services.TryAddScoped<IdentityMfa<TUser>>();
        services.TryAddScoped<IdentityAccount<TUser>>();
        services.TryAddSingleton<IdentityRows<TUser>>();
        services.TryAddSingleton<EarlierAuthenticator<TUser>>();
        services.TryAddSingleton<IIdentityMigration, IdentityMigration<TUser>>();
        services.AddScoped<IMfaUsers, IdentityUsers<TUser>>();
        services.AddHostedService<IdentityStart<TUser>>();
        services.PostConfigure<CookieAuthenticationOptions>(IdentityConstants.TwoFactorUserIdScheme, SecondFactorStep.KeepInCookie);

        // After every Configure, so that a later AddDefaultTokenProviders does not bring the provider of Identity back.
        services.TryAddTransient<AuthenticatorProvider<TUser>>();
        services.PostConfigure<IdentityOptions>(options =>
            options.Tokens.ProviderMap[options.Tokens.AuthenticatorTokenProvider] = new(typeof(AuthenticatorProvider<TUser>)));
    }

    private static void AddGate<TUser>(IServiceCollection services)
        where TUser : class
    {
        services.AddScoped<IAuthorizationHandler, MfaGate<TUser>>();
        var inner = Find(services, typeof(IAuthorizationMiddlewareResultHandler))!;
        services.AddScoped<IAuthorizationMiddlewareResultHandler>(
            provider => ActivatorUtilities.CreateInstance<MfaGateResult<TUser>>(provider, Create(provider, inner)));
        services.Configure<MvcOptions>(options => options.Filters.Add<WaitOnPage>());
    }

    private static object Create(IServiceProvider provider, ServiceDescriptor part) =>
        part.ImplementationInstance
        ?? part.ImplementationFactory?.Invoke(provider)
        ?? ActivatorUtilities.CreateInstance(provider, part.ImplementationType!);

    private static ServiceDescriptor? Find(IServiceCollection services, Type type) =>
        services.LastOrDefault(service => service.ServiceType == type && !service.IsKeyedService);
}
