using Callroute.Mfa.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Callroute.Mfa.AspNetCore.Identity.Tests.Setting;

/// <summary>The context of an application, with the one line that its model needs.</summary>
internal class UserContext<TUser, TRole, TKey>(DbContextOptions options) : IdentityDbContext<TUser, TRole, TKey>(options)
    where TUser : IdentityUser<TKey>
    where TRole : IdentityRole<TKey>
    where TKey : IEquatable<TKey>
{
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.AddCallrouteMfa(Database);
    }
}

internal sealed class UserContext(DbContextOptions<UserContext> options) : UserContext<IdentityUser, IdentityRole, string>(options);

internal sealed class IntContext(DbContextOptions<IntContext> options) : UserContext<IdentityUser<int>, IdentityRole<int>, int>(options);

internal sealed class GuidContext(DbContextOptions<GuidContext> options)
    : UserContext<IdentityUser<Guid>, IdentityRole<Guid>, Guid>(options);
