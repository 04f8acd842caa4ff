using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Callroute.Mfa.EntityFrameworkCore.Tests;

/// <summary>An application whose context retries: a statement may be executed twice.</summary>
public sealed class ResilienceTests
{
    private static readonly MfaSubject Ann = new("Ann");

    [Fact]
    public async Task VerifyAsync_AnswerToEveryStatementLostOnce_AcceptsOnce()
    {
        await using var database = await WithTableAsync(PostgreSql);
        for (var failAt = 1; ; failAt++)
        {
            var loss = new LostAnswer { FailAt = failAt };
            var user = await EnrolledUser.EnrollAsync(Store(database, loss, retries: 3));

            var first = await user.VerifyAsync(user.Code);
            var second = await user.VerifyAsync(user.Code);
            var recovered = await user.VerifyAsync(user.RecoveryCode);
            var again = await user.VerifyAsync(user.RecoveryCode);
            var erased = await user.Mfa.EraseAsync(user.User, Token);

            Assert.True(first.Succeeded, $"{failAt}: {first}");
            Assert.Equal(RefusalReason.Replayed, second.Reason);
            Assert.True(recovered.Succeeded, $"{failAt}: {recovered}");
            Assert.Equal(RefusalReason.WrongCode, again.Reason);
            Assert.True(erased.Succeeded);
            if (loss.Lost == 0)
            {
                Assert.InRange(failAt, 7, 20);
                return;
            }
        }
    }

    [Fact]
    public async Task TryWriteAsync_RetriedAfterItsCommit_SaysFalseAndLeavesItsOwnVersion()
    {
        await using var database = await WithTableAsync(PostgreSql);
        var loss = new LostAnswer { FailAt = 1 };
        var store = Store(database, loss, retries: 3);
        var (created, replaced) = (Guid.NewGuid(), Guid.NewGuid());

        var create = await store.TryWriteAsync(Ann, new byte[] { 1 }, created, null, Token);
        var afterCreate = (await store.FindAsync(Ann, Token))!.Version;
        loss.FailAt = loss.Statements + 1;
        var replace = await store.TryWriteAsync(Ann, new byte[] { 2 }, replaced, created, Token);
        var afterReplace = (await store.FindAsync(Ann, Token))!.Version;

        Assert.Equal((false, created), (create, afterCreate));
        Assert.Equal((false, replaced), (replace, afterReplace));
        Assert.Equal(2, loss.Lost);
    }

    [Theory]
    [InlineData("40001", 0)]
    [InlineData("40P01", 0)]
    [InlineData("40001", 2)]
    [InlineData("40P01", 2)]
    public async Task TryWriteAsync_UndoneForAnotherTransaction_IsALostSwap(string sqlState, int retries)
    {
        await using var database = await WithTableAsync(PostgreSql);
        var failure = new EveryStatementFails(sqlState);
        var store = Store(database, failure, retries);

        var created = await store.TryWriteAsync(Ann, new byte[] { 1 }, Guid.NewGuid(), null, Token);
        var replaced = await store.TryWriteAsync(Ann, new byte[] { 1 }, Guid.NewGuid(), Guid.NewGuid(), Token);
        var deleted = await store.TryDeleteAsync(Ann, Guid.NewGuid(), Token);

        Assert.Equal((false, false, false), (created, replaced, deleted));
        Assert.Equal(3 * (1 + retries), failure.Statements);
    }

    [Fact]
    public async Task FindAsync_UndoneForAnotherTransaction_IsReadAgainAndThenThrows()
    {
        await using var database = await WithTableAsync(PostgreSql);
        var failure = new EveryStatementFails("40001");
        var store = Store(database, failure);

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await store.FindAsync(Ann, Token));

        Assert.Equal(3, failure.Statements);
    }

    [Theory]
    [InlineData("53100")] // disk full
    [InlineData("57P01")] // shut down by an administrator
    public async Task TryWriteAsync_AnyOtherFailure_IsThrown(string sqlState)
    {
        await using var database = await WithTableAsync(PostgreSql);
        var store = Store(database, new EveryStatementFails(sqlState));

        var thrown = await Assert.ThrowsAnyAsync<Exception>(
            async () => await store.TryWriteAsync(Ann, new byte[] { 1 }, Guid.NewGuid(), null, Token));

        Assert.Equal(sqlState, Assert.IsType<PostgresException>(thrown.GetBaseException()).SqlState);
    }

    private static EntityFrameworkMfaStore<MfaDbContext> Store(Database database, IInterceptor interceptor, int retries = 0) =>
        database.Store(builder => builder.AddInterceptors(interceptor).UseNpgsql(
            npgsql => _ = retries > 0 ? npgsql.EnableRetryOnFailure(retries, TimeSpan.Zero, null) : npgsql));

    /// <summary>Loses the answer to one write after its commit.</summary>
    private sealed class LostAnswer : DbCommandInterceptor
    {
        public int FailAt { get; set; }

        public int Statements { get; private set; }

        public int Lost { get; private set; }

        public override ValueTask<int> NonQueryExecutedAsync(
            DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
        {
            if (++Statements != FailAt)
            {
                return new(result);
            }

            Lost++;
            throw new NpgsqlException("The connection broke.", new IOException());
        }
    }

    /// <summary>Fails every statement before it reaches the server.</summary>
    private sealed class EveryStatementFails(string sqlState) : DbCommandInterceptor
    {
        public int Statements { get; private set; }

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
            throw Failure();

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default) => throw Failure();

        private PostgresException Failure()
        {
            Statements++;
            return new PostgresException("Failed on purpose.", "ERROR", "ERROR", sqlState);
        }
    }
}
