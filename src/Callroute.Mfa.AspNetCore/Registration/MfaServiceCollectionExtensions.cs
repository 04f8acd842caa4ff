using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Adds Callroute.Mfa to an application.</summary>
public static class MfaServiceCollectionExtensions
{
    internal const string Section = "Callroute:Mfa";

    /// <summary>
    /// Adds <see cref="MfaService"/>, <see cref="MfaSignIn"/> and <see cref="MfaAccount"/>. Choose a store, a protector and a hasher on the
    /// returned builder, and register <see cref="IMfaUsers"/>. If a service is missing, or a setting is unknown or out of range, the
    /// application does not start. The message names the service or the setting. Settings are read once, when the application starts.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Changes the options after they were bound from the configuration section <c>Callroute:Mfa</c>, or
    /// null.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="InvalidOperationException">The method was called before on the same services.</exception>
    public static IMfaBuilder AddCallrouteMfa(this IServiceCollection services, Action<MfaOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(service => service.ServiceType == typeof(MfaEventLog)))
        {
            throw new InvalidOperationException(
                "AddCallrouteMfa was called before. Use the builder that the first call returned; "
                + "change settings by services.Configure<MfaOptions>(…).");
        }

        var builder = new MfaBuilder(services);
        AddOptions(services, builder, configure ?? (_ => { }));
        AddSignIn(services);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<MfaEventLog>();
        services.TryAddSingleton(CreateService);
        services.AddHostedService<MfaStart>();
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Add(MfaJson.Default));
        return builder;
    }

    private static void AddOptions(IServiceCollection services, MfaBuilder builder, Action<MfaOptions> configure)
    {
        services.AddSingleton<IValidateOptions<MfaOptions>>(
            provider => new MfaOptionsValidator(
                builder,
                provider.GetRequiredService<IServiceProviderIsService>(),
                provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton<IValidateOptions<MfaSignInOptions>, MfaSignInOptionsValidator>();

        // Refuse unknown keys: a misspelled setting would silently keep its default.
        services.AddOptions<MfaOptions>()
            .BindConfiguration(Section, binder => binder.ErrorOnUnknownConfiguration = true).Configure(configure).ValidateOnStart();
        services.AddOptions<MfaSignInOptions>()
            .BindConfiguration(MfaSignInOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true).ValidateOnStart();
    }

    private static void AddSignIn(IServiceCollection services)
    {
        services.AddDataProtection();
        services.AddAuthentication();
        services.AddAuthorization();
        services.AddCors();
        services.AddTransient<IStartupFilter, AllowedOrigins>();
        services.AddSingleton<IPostConfigureOptions<SecurityStampValidatorOptions>, SecurityStampRefresh>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthorizationHandler, MfaRequirementHandler>());
        services.TryAddSingleton<SessionKey>();
        services.TryAddSingleton<MfaSession>();
        services.TryAddSingleton<ChallengeCarrier>();
        services.TryAddSingleton<KnownDeviceCookie>();
        services.TryAddSingleton<KnownDeviceCarrier>();
        services.TryAddSingleton<RememberedBrowserCookie>();
        services.TryAddScoped<Administration>();
        AddWithUsers(services);
    }

    // By factories: the container of Development checks all constructors before the advice about a missing IMfaUsers can be given.
    private static void AddWithUsers(IServiceCollection services)
    {
        services.TryAddScoped(provider => new AdministeredUsers(
            provider.GetRequiredService<MfaService>(),
            provider.GetRequiredService<IMfaUsers>(),
            provider.GetRequiredService<IOptions<MfaSignInOptions>>()));
        services.TryAddScoped(provider => new MfaSignIn(
            provider.GetRequiredService<MfaService>(),
            provider.GetRequiredService<IMfaUsers>(),
            provider.GetRequiredService<MfaSession>(),
            provider.GetRequiredService<ChallengeCarrier>(),
            provider.GetRequiredService<KnownDeviceCarrier>(),
            provider.GetRequiredService<RememberedBrowserCookie>(),
            provider.GetRequiredService<IOptions<MfaSignInOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>()));
        services.TryAddScoped(provider => new MfaAccount(
            provider.GetRequiredService<MfaService>(),
            provider.GetRequiredService<IMfaUsers>(),
            provider.GetRequiredService<MfaSession>(),
            provider.GetRequiredService<ChallengeCarrier>(),
            provider.GetRequiredService<KnownDeviceCarrier>()));
    }

    private static MfaService CreateService(IServiceProvider services)
    {
        // First of all: its validation says which method adds a part that is missing.
        var options = services.GetRequiredService<IOptions<MfaOptions>>().Value;
        var store = services.GetRequiredService<IMfaStore>();
        var protector = services.GetRequiredService<ISecretProtector>();
        var hasher = services.GetRequiredService<IRecoveryCodeHasher>();
        // Change the shared options after every part that may throw: a second try must not log each event twice.
        options.OnEvent = services.GetRequiredService<MfaEventLog>().Before(options.OnEvent);
        options.OnEnrolledChanged = (subject, isEnrolled) => SetEnrolledAsync(services, subject, isEnrolled);
        return new(store, protector, hasher, options, services.GetRequiredService<TimeProvider>());
    }

    // Create a scope: the application may register IMfaUsers as scoped, and a change may happen outside a request.
    private static async ValueTask SetEnrolledAsync(IServiceProvider services, MfaSubject subject, bool isEnrolled)
    {
        var scope = services.CreateAsyncScope();
        await using var _ = scope.ConfigureAwait(false);
        try
        {
            await scope.ServiceProvider.GetRequiredService<IMfaUsers>().SetEnrolledAsync(subject, isEnrolled).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The library goes on and repeats the call later, so nobody else tells the operator.
            var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Callroute.Mfa");
            Log.SetEnrolledFailed(logger, subject.UserId, subject.Tenant, exception.GetType().FullName);
            throw;
        }
    }
}
