using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Adds Callroute.Mfa to an application.</summary>
public static class MfaServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="MfaService"/>, <see cref="MfaSignIn"/> and <see cref="MfaAccount"/>. A store, a protector and a hasher are chosen on
    /// the result, and <see cref="IMfaUsers"/> is registered by the application; whatever is missing or out of range
    /// stops the start with a message that names it.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Changes the settings after configuration was bound from <see cref="MfaSettings.Section"/>; nothing where null.</param>
    /// <returns>The builder, to choose on.</returns>
    /// <exception cref="InvalidOperationException">It was called before on the same services.</exception>
    public static IMfaBuilder AddCallrouteMfa(this IServiceCollection services, Action<MfaSettings>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(service => service.ServiceType == typeof(MfaEventLog)))
        {
            throw new InvalidOperationException("AddCallrouteMfa was called before. Choose on what the first call returned; change settings by services.Configure<MfaSettings>(…).");
        }

        var builder = new MfaBuilder(services);
        AddSettings(services, builder, configure ?? (_ => { }));
        AddSignIn(services);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<MfaEventLog>();
        services.TryAddSingleton(CreateService);
        services.AddHostedService<MfaStart>();
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Add(MfaJson.Default));
        return builder;
    }

    private static void AddSettings(IServiceCollection services, MfaBuilder builder, Action<MfaSettings> configure)
    {
        services.AddSingleton<IValidateOptions<MfaSettings>>(provider => new MfaSettingsValidator(builder, provider.GetRequiredService<IServiceProviderIsService>()));
        // A misspelled setting would leave its default, and nobody would hear of it.
        services.AddOptions<MfaSettings>().BindConfiguration(MfaSettings.Section, binder => binder.ErrorOnUnknownConfiguration = true).Configure(configure).ValidateOnStart();
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<MfaSettings>>().Value);
    }

    private static void AddSignIn(IServiceCollection services)
    {
        services.AddDataProtection();
        services.AddAuthentication().AddScheme<CookieAuthenticationOptions, CookieAuthenticationHandler>(MfaChallenge.Scheme, null);
        services.AddTransient<IPostConfigureOptions<CookieAuthenticationOptions>, PostConfigureCookieAuthenticationOptions>();
        services.AddOptions<CookieAuthenticationOptions>(MfaChallenge.Scheme).PostConfigure<MfaSettings>(ChallengeCookie.Configure);
        services.AddAuthorization();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthorizationHandler, MfaRequirementHandler>());
        services.TryAddSingleton<MfaSession>();
        services.TryAddSingleton<ChallengeCookie>();
        services.TryAddScoped(provider => new MfaSignIn(provider.GetRequiredService<MfaService>(), provider.GetRequiredService<IMfaUsers>(), provider.GetRequiredService<MfaSession>(), provider.GetRequiredService<ChallengeCookie>()));
        services.TryAddScoped(provider => new MfaAccount(provider.GetRequiredService<MfaService>(), provider.GetRequiredService<IMfaUsers>(), provider.GetRequiredService<MfaSession>()));
    }

    private static MfaService CreateService(IServiceProvider services) => new(
        services.GetRequiredService<IMfaStore>(),
        services.GetRequiredService<ISecretProtector>(),
        services.GetRequiredService<IRecoveryCodeHasher>(),
        MfaOptionsReader.Read(services.GetRequiredService<MfaSettings>(), services.GetRequiredService<MfaEventLog>().OnEventAsync),
        services.GetRequiredService<TimeProvider>());
}
