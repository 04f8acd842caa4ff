using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>Registers the Entity Framework Core store.</summary>
public static class EntityFrameworkBuilderExtensions
{
    /// <summary>Stores records in a table of a context.</summary>
    /// <remarks>
    /// Register the context with <c>AddDbContextFactory</c>, <c>AddPooledDbContextFactory</c> or <c>AddDbContext</c>. With the last one,
    /// its constructor must not need scoped services, because the store creates contexts outside every scope.
    /// </remarks>
    /// <typeparam name="TContext">Your own context, if its model has the table, or <see cref="MfaDbContext"/>.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IMfaBuilder UseEntityFramework<TContext>(this IMfaBuilder builder, EntityFrameworkMfaStoreOptions? options = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseStore(
            services => new EntityFrameworkMfaStore<TContext>(
                services.GetService<IDbContextFactory<TContext>>() ?? FactoryOf<TContext>(services), options));
    }

    private static OwnContextFactory<TContext> FactoryOf<TContext>(IServiceProvider services)
        where TContext : DbContext =>
        services.GetRequiredService<IServiceProviderIsService>().IsService(typeof(DbContextOptions<TContext>))
            ? new OwnContextFactory<TContext>(services)
            : throw new InvalidOperationException(
                $"{typeof(TContext).Name} is not registered. Call AddDbContext<{typeof(TContext).Name}> or"
                + $" AddDbContextFactory<{typeof(TContext).Name}>.");
}
