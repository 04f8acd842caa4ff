using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;
using static Callroute.Mfa.EntityFrameworkCore.Tests.Database;

namespace Callroute.Mfa.EntityFrameworkCore.Tests;

/// <summary>An application that configured its context to try again: a statement may be delivered twice.</summary>
public sealed class ResilienceTests
{
    [Fact]
    public async Task VerifyAsync_AnswerToEveryStatementLostOnce_AcceptsOnce()
    {
        await using var database = await WithTableAsync(PostgreSql);
        for (var failAt = 1; ; failAt++)
        {
            var loss = new LostAnswer { FailAt = failAt };
            var person = new Person(database.Store<MfaDbContext>(builder => builder.AddInterceptors(loss).UseNpgsql(npgsql => npgsql.EnableRetryOnFailure(3, TimeSpan.Zero, null))));

            var (phone, codes) = await person.EnrollAsync();
            var first = await person.VerifyAsync(phone.GetCode());
            var second = await person.VerifyAsync(phone.GetCode());
            var recovered = await person.VerifyAsync(codes.Reveal()[0]);
            var again = await person.VerifyAsync(codes.Reveal()[0]);
            var erased = await person.Mfa.EraseAsync(person.User, Token);

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
        var store = database.Store<MfaDbContext>(builder => builder.AddInterceptors(loss).UseNpgsql(npgsql => npgsql.EnableRetryOnFailure(3, TimeSpan.Zero, null)));
        var (ann, created, replaced) = (new MfaSubject("Ann"), Guid.NewGuid(), Guid.NewGuid());

        var create = await store.TryWriteAsync(ann, new byte[] { 1 }, created, null, Token);
        var afterCreate = (await store.FindAsync(ann, Token))!.Version;
        loss.FailAt = loss.Statements + 1;
        var replace = await store.TryWriteAsync(ann, new byte[] { 2 }, replaced, created, Token);
        var afterReplace = (await store.FindAsync(ann, Token))!.Version;

        Assert.Equal((false, created), (create, afterCreate));
        Assert.Equal((false, replaced), (replace, afterReplace));
        Assert.Equal(2, loss.Lost);
    }

    [Theory]
    [InlineData("40001", false)]
    [InlineData("40P01", false)]
    [InlineData("40001", true)]
    [InlineData("40P01", true)]
    public async Task TryWriteAsync_UndoneForAnotherTransaction_IsALostSwap(string sqlState, bool retries)
    {
        await using var database = await WithTableAsync(PostgreSql);
        var failure = new EveryStatementFails(sqlState);
        var store = database.Store<MfaDbContext>(builder => builder.AddInterceptors(failure).UseNpgsql(npgsql => _ = retries ? npgsql.EnableRetryOnFailure(2, TimeSpan.Zero, null) : npgsql));
        var ann = new MfaSubject("Ann");

        var created = await store.TryWriteAsync(ann, new byte[] { 1 }, Guid.NewGuid(), null, Token);
        var replaced = await store.TryWriteAsync(ann, new byte[] { 1 }, Guid.NewGuid(), Guid.NewGuid(), Token);
        var deleted = await store.TryDeleteAsync(ann, Guid.NewGuid(), Token);

        Assert.Equal((false, false, false), (created, replaced, deleted));
        Assert.Equal(retries ? 9 : 3, failure.Statements);
    }

    [Fact]
    public async Task FindAsync_UndoneForAnotherTransaction_IsReadAgainAndThenThrows()
    {
        await using var database = await WithTableAsync(PostgreSql);
        var failure = new EveryStatementFails("40001");
        var store = database.Store<MfaDbContext>(builder => builder.AddInterceptors(failure));

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await store.FindAsync(new MfaSubject("Ann"), Token));

        Assert.Equal(3, failure.Statements);
    }

    [Theory]
    [InlineData("53100")] // disk full
    [InlineData("57P01")] // shut down by an administrator
    public async Task TryWriteAsync_AnyOtherFailure_IsThrown(string sqlState)
    {
        await using var database = await WithTableAsync(PostgreSql);
        var store = database.Store<MfaDbContext>(builder => builder.AddInterceptors(new EveryStatementFails(sqlState)));

        var thrown = await Assert.ThrowsAnyAsync<Exception>(async () => await store.TryWriteAsync(new MfaSubject("Ann"), new byte[] { 1 }, Guid.NewGuid(), null, Token));

        Assert.Equal(sqlState, Assert.IsType<PostgresException>(thrown.GetBaseException()).SqlState);
    }

    /// <summary>Loses the answer to one statement that wrote, after it was committed.</summary>
    private sealed class LostAnswer : DbCommandInterceptor
    {
        public int FailAt { get; set; }

        public int Statements { get; private set; }

        public int Lost { get; private set; }

        public override ValueTask<int> NonQueryExecutedAsync(DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
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

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) => throw Failure();

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) => throw Failure();

        private PostgresException Failure()
        {
            Statements++;
            return new PostgresException("Failed on purpose.", "ERROR", "ERROR", sqlState);
        }
    }
}
