using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>Creates contexts where the application has called <c>AddDbContext</c> only, which registers no factory.</summary>
internal sealed class OwnContextFactory<TContext>(IServiceProvider services) : IDbContextFactory<TContext>
    where TContext : DbContext
{
    private readonly Lazy<DbContextOptions<TContext>> _options = new(() => OptionsOf(services));

    private readonly ObjectFactory<TContext> _create =
        ActivatorUtilities.CreateFactory<TContext>([typeof(DbContextOptions<TContext>)]);

    public TContext CreateDbContext() => _create(services, [_options.Value]);

    // The registered options hold their scope, and a store outlives it: give them the provider of the application.
    private static DbContextOptions<TContext> OptionsOf(IServiceProvider services)
    {
        using var scope = services.CreateScope();
        var registered = scope.ServiceProvider.GetRequiredService<DbContextOptions<TContext>>();
        return new DbContextOptionsBuilder<TContext>(registered).UseApplicationServiceProvider(services).Options;
    }
}
