using Callroute.Mfa.Provisioning;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa;

/// <summary>Collects the parts of an <see cref="MfaService"/>. <c>AddCallrouteMfa</c> of Callroute.Mfa.AspNetCore returns one.</summary>
/// <remarks>
/// Each package adds an extension method, such as <c>UseArgon2</c> and <c>UseSql</c>. Call those methods instead of the methods of this
/// interface. Each part is created once, when the application starts. If a method is called twice, the last call counts. Not thread-safe.
/// </remarks>
public interface IMfaBuilder
{
    /// <summary>Sets the store.</summary>
    /// <param name="create">Creates the store from the application's services.</param>
    /// <returns>This builder.</returns>
    IMfaBuilder UseStore(Func<IServiceProvider, IMfaStore> create);

    /// <summary>Sets the protector of secrets.</summary>
    /// <param name="create">Creates the protector from the application's services.</param>
    /// <returns>This builder.</returns>
    IMfaBuilder UseProtector(Func<IServiceProvider, ISecretProtector> create);

    /// <summary>Sets the hasher of recovery codes.</summary>
    /// <param name="create">Creates the hasher from the application's services.</param>
    /// <returns>This builder.</returns>
    IMfaBuilder UseHasher(Func<IServiceProvider, IRecoveryCodeHasher> create);

    /// <summary>Sets the renderer of QR codes.</summary>
    /// <param name="create">Creates the renderer from the application's services.</param>
    /// <returns>This builder.</returns>
    IMfaBuilder UseQrCodeRenderer(Func<IServiceProvider, IQrCodeRenderer> create);
}
