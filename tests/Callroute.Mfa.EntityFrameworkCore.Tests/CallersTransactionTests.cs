using System.Transactions;
using Microsoft.EntityFrameworkCore;

namespace Callroute.Mfa.EntityFrameworkCore.Tests;

/// <summary>
/// Contexts inside a transaction or on an open connection are refused. Callroute.Mfa.Stores.Tests tests the rollback of a caller.
/// </summary>
public sealed class CallersTransactionTests
{
    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(DatabaseContexts))]
    public async Task ScanAsync_InATransactionScope_LeavesTheScopeAsItWas(string kind)
    {
        await using var database = await WithTableAsync(kind);
        await EnrolledUser.EnrollAsync(database.Store());
        var listed = 0;

        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            var ambient = Transaction.Current;
            await foreach (var _ in database.Store().ScanAsync(Token))
            {
                listed++;
                Assert.Same(ambient, Transaction.Current);
            }
        }

        Assert.Equal(1, listed);
    }

    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(DatabaseContexts))]
    public async Task FindAsync_ContextInsideATransaction_IsRefusedWithTheRemedy(string kind)
    {
        await using var database = await WithTableAsync(kind);
        var store = new EntityFrameworkMfaStore<MfaDbContext>(new SharingFactory(database, context => context.Database.BeginTransaction()));

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(async () => await store.FindAsync(new MfaSubject("Ann"), Token));

        Assert.Contains("inside a transaction", refused.Message, StringComparison.Ordinal);
        Assert.Contains("not an open connection", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(DatabaseContexts))]
    public async Task VerifyAsync_ContextOnAConnectionThatIsOpenAlready_IsUnavailable(string kind)
    {
        await using var database = await WithTableAsync(kind);
        var sharing = new EntityFrameworkMfaStore<MfaDbContext>(new SharingFactory(database, context => context.Database.OpenConnection()));
        var user = await EnrolledUser.EnrollAsync(database.Store());

        var result = await user.VerifyAsync(user.Code, user.ServiceOn(sharing));

        Assert.Equal(RefusalReason.Unavailable, result.Reason);
        Assert.Contains("open already", Assert.IsType<InvalidOperationException>(result.Cause).Message, StringComparison.Ordinal);
    }

    /// <summary>Runs an action on every context that it returns.</summary>
    private sealed class SharingFactory(Database database, Action<MfaDbContext> prepare) : IDbContextFactory<MfaDbContext>
    {
        public MfaDbContext CreateDbContext()
        {
            var context = new MfaDbContext(database.Options<MfaDbContext>());
            prepare(context);
            return context;
        }
    }
}
