using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>Chooses the store of this package.</summary>
public static class EntityFrameworkBuilderExtensions
{
    /// <summary>Keeps records in the table of a context, which <c>AddDbContextFactory</c> or <c>AddPooledDbContextFactory</c> has registered.</summary>
    /// <typeparam name="TContext">The context: one's own that maps the table, or <see cref="MfaDbContext"/>.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="options">The settings; the defaults where null.</param>
    /// <returns>The builder.</returns>
    public static IMfaBuilder UseEntityFramework<TContext>(this IMfaBuilder builder, EntityFrameworkMfaStoreOptions? options = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseStore(services => new EntityFrameworkMfaStore<TContext>(services.GetRequiredService<IDbContextFactory<TContext>>(), options));
    }
}
