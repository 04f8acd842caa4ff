using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>Registers the Entity Framework Core store.</summary>
public static class EntityFrameworkBuilderExtensions
{
    /// <summary>Stores records in a table of a context.</summary>
    /// <remarks>Register the context with <c>AddDbContextFactory</c> or <c>AddPooledDbContextFactory</c>.</remarks>
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
                services.GetService<IDbContextFactory<TContext>>() ?? throw new InvalidOperationException(
                    $"There is no factory of {typeof(TContext).Name}: the store needs a context of its own for every operation. Replace"
                    + $" AddDbContext<{typeof(TContext).Name}> by AddDbContextFactory<{typeof(TContext).Name}> with the same arguments."
                    + " It also registers the context itself."),
                options));
    }
}
