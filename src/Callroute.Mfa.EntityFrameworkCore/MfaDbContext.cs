using Microsoft.EntityFrameworkCore;

namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>
/// A context with only the table <c>callroute_mfa</c>, for applications without a context or with MFA in another database.
/// </summary>
/// <remarks>Not thread-safe. <see cref="EntityFrameworkMfaStore{TContext}"/> creates one for every operation.</remarks>
public sealed class MfaDbContext : DbContext
{
    /// <summary>Creates a context.</summary>
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
