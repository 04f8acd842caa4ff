using Microsoft.EntityFrameworkCore;

namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>Holds the table <c>callroute_mfa</c> and nothing else: for an application that has no context of its own, or keeps MFA in another database.</summary>
/// <remarks>As every context not thread-safe; <see cref="EntityFrameworkMfaStore{TContext}"/> takes a new one for every operation.</remarks>
public sealed class MfaDbContext : DbContext
{
    /// <summary>Makes a context.</summary>
    /// <param name="options">The provider and its connection.</param>
    public MfaDbContext(DbContextOptions<MfaDbContext> options)
        : base(options)
    {
    }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.AddCallrouteMfa(Database);
    }
}
