using System.Globalization;
using Callroute.Mfa;
using Callroute.Mfa.AspNetCore;
using Callroute.Mfa.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Shop;

public sealed record ShopUser(int Id, string Email, string PasswordHash, MfaPolicy Policy = MfaPolicy.Optional, bool IsEnrolled = false);

public sealed class ShopDb(DbContextOptions<ShopDb> options) : DbContext(options)
{
    public DbSet<ShopUser> Users => Set<ShopUser>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddCallrouteMfa(Database);
}

internal sealed class ShopUsers(IDbContextFactory<ShopDb> factory) : IMfaUsers
{
    public async ValueTask<MfaUser?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default)
    {
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        return await db.Users.FindAsync([Id(subject)], cancellationToken) is { } user
            ? new() { AccountName = user.Email, Policy = user.Policy, IsEnrolled = user.IsEnrolled }
            : null;
    }

    public async ValueTask SetEnrolledAsync(MfaSubject subject, bool isEnrolled, CancellationToken cancellationToken = default)
    {
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        await db.Users
            .Where(user => user.Id == Id(subject))
            .ExecuteUpdateAsync(user => user.SetProperty(u => u.IsEnrolled, isEnrolled), cancellationToken);
    }

    private static int Id(MfaSubject subject) => int.Parse(subject.UserId, CultureInfo.InvariantCulture);
}
