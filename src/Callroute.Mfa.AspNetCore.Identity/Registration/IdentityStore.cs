using Callroute.Mfa.EntityFrameworkCore;
using Callroute.Mfa.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Identity.Registration;

/// <summary>Keeps the records where Identity keeps its users, if that is a <see cref="DbContext"/>.</summary>
internal static class IdentityStore
{
    /// <exception cref="InvalidOperationException">The users are somewhere else, so the application must choose a store.</exception>
    public static IMfaStore Create<TUser>(IServiceProvider services)
        where TUser : class
    {
        using var scope = services.CreateScope();
        var users = scope.ServiceProvider.GetService<IUserStore<TUser>>();
        var context = FindContext(users?.GetType()) ?? throw new InvalidOperationException(Advice.NoStore);
        var create = typeof(IdentityStore).GetMethod(nameof(CreateOn))!.MakeGenericMethod(context);
        return create.CreateDelegate<Func<IServiceProvider, IMfaStore>>()(services);
    }

    public static IMfaStore CreateOn<TContext>(IServiceProvider services)
        where TContext : DbContext
    {
        var parts = new ServiceCollection();
        new Parts(parts, areDefaults: false).UseEntityFramework<TContext>();
        return (IMfaStore)parts[0].ImplementationFactory!(services);
    }

    /// <returns>The context among the type arguments of the store or of its base types; null if there is none.</returns>
    public static Type? FindContext(Type? store)
    {
        for (var type = store; type is not null; type = type.BaseType)
        {
            if (Array.Find(type.GetGenericArguments(), typeof(DbContext).IsAssignableFrom) is { } context)
            {
                return context;
            }
        }

        return null;
    }
}
