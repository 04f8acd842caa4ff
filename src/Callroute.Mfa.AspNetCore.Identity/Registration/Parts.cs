using Callroute.Mfa.Provisioning;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Callroute.Mfa.AspNetCore.Identity.Registration;

/// <summary>Registers parts: a choice replaces an earlier one, a default does not.</summary>
internal sealed class Parts(IServiceCollection services, bool areDefaults) : IMfaBuilder
{
    public IMfaBuilder UseStore(Func<IServiceProvider, IMfaStore> create) => Use(create);

    public IMfaBuilder UseProtector(Func<IServiceProvider, ISecretProtector> create) => Use(create);

    public IMfaBuilder UseHasher(Func<IServiceProvider, IRecoveryCodeHasher> create) => Use(create);

    public IMfaBuilder UseQrCodeRenderer(Func<IServiceProvider, IQrCodeRenderer> create) => Use(create);

    private Parts Use<T>(Func<IServiceProvider, T> create)
        where T : class
    {
        var part = ServiceDescriptor.Singleton(create);
        if (areDefaults)
        {
            services.TryAdd(part);
        }
        else
        {
            services.Replace(part);
        }

        return this;
    }
}
