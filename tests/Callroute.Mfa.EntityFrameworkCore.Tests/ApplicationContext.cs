using Microsoft.EntityFrameworkCore;

namespace Callroute.Mfa.EntityFrameworkCore.Tests;

/// <summary>An application's own context, with a table of its own beside.</summary>
public sealed class ApplicationContext(DbContextOptions<ApplicationContext> options) : DbContext(options)
{
    public DbSet<Login> Logins => Set<Login>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddCallrouteMfa(Database);
}
