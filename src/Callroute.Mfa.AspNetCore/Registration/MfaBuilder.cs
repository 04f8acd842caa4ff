using Callroute.Mfa.Provisioning;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Registers each choice as a service, and finds the choices that are missing.</summary>
internal sealed class MfaBuilder(IServiceCollection services) : IMfaBuilder
{
    public IMfaBuilder UseStore(Func<IServiceProvider, IMfaStore> create) => Use(create);

    public IMfaBuilder UseProtector(Func<IServiceProvider, ISecretProtector> create) => Use(create);

    public IMfaBuilder UseHasher(Func<IServiceProvider, IRecoveryCodeHasher> create) => Use(create);

    public IMfaBuilder UseQrCodeRenderer(Func<IServiceProvider, IQrCodeRenderer> create) => Use(create);

    public IEnumerable<string> Missing() =>
    [
        .. Missing<IMfaStore>("No store: call UseSql, UseEntityFramework, UseRedis or UseInMemory after AddCallrouteMfa."),
        .. Missing<ISecretProtector>("No protector of secrets: call UseDataProtection or UseAesGcm after AddCallrouteMfa."),
        .. Missing<IRecoveryCodeHasher>("No hasher of recovery codes: call UseArgon2, UseSodium or UsePbkdf2 after AddCallrouteMfa."),
    ];

    private MfaBuilder Use<T>(Func<IServiceProvider, T> create)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(create);
        services.Replace(ServiceDescriptor.Singleton(create));
        return this;
    }

    private IEnumerable<string> Missing<T>(string message) =>
        services.LastOrDefault(service => service.ServiceType == typeof(T) && !service.IsKeyedService) switch
        {
            null => [message],
            { Lifetime: ServiceLifetime.Singleton } => [],
            var service =>
            [
                $"{typeof(T).Name} is registered as {service.Lifetime}, but one instance serves the whole application. "
            + $"Register it as {nameof(ServiceLifetime.Singleton)}.",
        ],
        };
}
