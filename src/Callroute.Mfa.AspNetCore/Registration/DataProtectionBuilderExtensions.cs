using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Chooses the framework's Data Protection.</summary>
public static class DataProtectionBuilderExtensions
{
    /// <summary>
    /// Encrypts secrets by ASP.NET Core Data Protection. Its keys must outlive every node and be shared by all of them
    /// (<c>PersistKeysTo…</c>, <c>SetApplicationName</c>), and never be lost: without them no authenticator verifies.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static IMfaBuilder UseDataProtection(this IMfaBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseProtector(services => new DataProtectionSecretProtector(services.GetRequiredService<IDataProtectionProvider>()));
    }
}
