using Callroute.Mfa.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Callroute.Mfa.LoadTest.Ratio;

/// <summary>The two statements written by hand in Entity Framework Core, with the same factory of contexts as our store.</summary>
internal sealed class EntityFrameworkSwapper(IDbContextFactory<MfaDbContext> factory) : ISwapper
{
    // A compiled query belongs to one model, and each engine has its own model.
    private readonly Func<MfaDbContext, string, string, Task<MfaRecordRow?>> _find = EF.CompileAsyncQuery(
        (MfaDbContext context, string tenant, string userId) =>
            context.Set<MfaRecordRow>().AsNoTracking().SingleOrDefault(row => row.Tenant == tenant && row.UserId == userId));

    public async Task<bool> SwapAsync(string user, byte[] document, Guid next)
    {
        var found = await FindAsync(user);
        await using var context = await factory.CreateDbContextAsync();
        var (tenant, version) = (string.Empty, next.ToString("N"));
        var rows = await context.Set<MfaRecordRow>()
            .Where(row => row.Tenant == tenant && row.UserId == user && row.Version == found!.Version)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Version, version).SetProperty(row => row.Document, document));
        return rows == 1;
    }

    private async Task<MfaRecordRow?> FindAsync(string user)
    {
        await using var context = await factory.CreateDbContextAsync();
        return await _find(context, string.Empty, user);
    }
}
