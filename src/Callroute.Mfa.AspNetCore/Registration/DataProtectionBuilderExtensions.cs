using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Adds ASP.NET Core Data Protection as the protector.</summary>
public static class DataProtectionBuilderExtensions
{
    /// <summary>
    /// Encrypts secrets with ASP.NET Core Data Protection. Persist its keys in a place that all nodes share and that outlives every node
    /// (<c>PersistKeysTo…</c>, <c>SetApplicationName</c>), and back them up: without them, no code can be verified.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static IMfaBuilder UseDataProtection(this IMfaBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseProtector(services => new DataProtectionSecretProtector(services.GetRequiredService<IDataProtectionProvider>()));
    }
}
