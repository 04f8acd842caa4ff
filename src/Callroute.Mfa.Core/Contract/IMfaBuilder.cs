using Callroute.Mfa.Provisioning;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa;

/// <summary>Takes what a host builds its <see cref="MfaService"/> from. <c>AddCallrouteMfa</c> of Callroute.Mfa.AspNetCore gives one.</summary>
/// <remarks>
/// Each package adds a method of its own, such as <c>UseArgon2</c> and <c>UseSql</c>; call these and not the methods here. What is
/// created is created once, when the application starts, and kept while it runs. The last call of a kind counts. Not thread-safe.
/// </remarks>
public interface IMfaBuilder
{
    /// <summary>Says where records are kept.</summary>
    /// <param name="create">Creates the store from the application's services.</param>
    /// <returns>This builder.</returns>
    IMfaBuilder UseStore(Func<IServiceProvider, IMfaStore> create);

    /// <summary>Says what encrypts secrets.</summary>
    /// <param name="create">Creates the protector from the application's services.</param>
    /// <returns>This builder.</returns>
    IMfaBuilder UseProtector(Func<IServiceProvider, ISecretProtector> create);

    /// <summary>Says what hashes recovery codes.</summary>
    /// <param name="create">Creates the hasher from the application's services.</param>
    /// <returns>This builder.</returns>
    IMfaBuilder UseHasher(Func<IServiceProvider, IRecoveryCodeHasher> create);

    /// <summary>Says what draws QR codes.</summary>
    /// <param name="create">Creates the renderer from the application's services.</param>
    /// <returns>This builder.</returns>
    IMfaBuilder UseQrCodeRenderer(Func<IServiceProvider, IQrCodeRenderer> create);
}
