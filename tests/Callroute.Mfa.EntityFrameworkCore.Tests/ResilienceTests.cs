using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;

namespace Callroute.Mfa.EntityFrameworkCore.Tests;

/// <summary>Failures of single statements, also in an application whose context retries. The store executes each write once.</summary>
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
                Assert.InRange(failAt, 14, 40);
                return;
            }
        }
    }

    [Theory]
    [InlineData("40001", 0)]
    [InlineData("40P01", 0)]
    [InlineData("40001", 2)]
    [InlineData("40P01", 2)]
    public async Task TryWriteAsync_UndoneForAnotherTransaction_IsTriedThreeTimesAndThenALostSwap(string sqlState, int retries)
    {
        await using var database = await WithTableAsync(PostgreSql);
        var failure = new EveryStatementFails(sqlState);
        var store = Store(database, failure, retries);

        var created = await store.TryWriteAsync(Ann, new byte[] { 1 }, Guid.NewGuid(), null, Token);
        var replaced = await store.TryWriteAsync(Ann, new byte[] { 1 }, Guid.NewGuid(), Guid.NewGuid(), Token);
        var deleted = await store.TryDeleteAsync(Ann, Guid.NewGuid(), Token);

        Assert.Equal((false, false, false), (created, replaced, deleted));
        Assert.Equal(3 * 3, failure.Statements);
    }

    [Fact]
    public async Task FindAsync_UndoneForAnotherTransaction_IsReadAgainAndThenThrows()
    {
        await using var database = await WithTableAsync(PostgreSql);
        var failure = new EveryStatementFails("40001");
        var store = Store(database, failure);

        await Assert.ThrowsAsync<PostgresException>(async () => await store.FindAsync(Ann, Token));

        Assert.Equal(3, failure.Statements);
    }

    // With the strategy of the context, one read took 174 s.
    [Fact]
    public async Task FindAsync_ServerIsDownAndTheContextRetries_OpensThreeConnectionsOnly()
    {
        var opened = new CountsOpenedConnections();
        var options = Options<MfaDbContext>(
            PostgreSql,
            "Host=127.0.0.1;Port=1;Timeout=2",
            builder => builder.AddInterceptors(opened).UseNpgsql(npgsql => npgsql.EnableRetryOnFailure()));
        var store = new EntityFrameworkMfaStore<MfaDbContext>(new PooledDbContextFactory<MfaDbContext>(options));

        await Assert.ThrowsAsync<NpgsqlException>(async () => await store.FindAsync(Ann, Token));

        Assert.Equal(3, opened.Count);
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

    // A driver asks the server to cancel the statement. PostgreSQL then ends the wait for its standby and reports the write as done.
    [Fact]
    public async Task TryWriteAsync_CancelledBeforeTheAnswer_Throws()
    {
        await using var database = await WithTableAsync(Sqlite);
        using var cancellation = new CancellationTokenSource();
        var store = database.Store(builder => builder.AddInterceptors(new CancelsAfterEachStatement(cancellation)));

        var write = store.TryWriteAsync(Ann, new byte[] { 1 }, Guid.NewGuid(), null, cancellation.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write.AsTask());
    }

    private static EntityFrameworkMfaStore<MfaDbContext> Store(Database database, IInterceptor interceptor, int retries = 0) =>
        database.Store(builder => builder.AddInterceptors(interceptor).UseNpgsql(
            npgsql => _ = retries > 0 ? npgsql.EnableRetryOnFailure(retries, TimeSpan.Zero, null) : npgsql));

    /// <summary>Loses the answer to one statement after its commit.</summary>
    private sealed class LostAnswer : DbCommandInterceptor
    {
        private int _statements;

        public required int FailAt { get; init; }

        public int Lost { get; private set; }

        public override async ValueTask<DbDataReader> ReaderExecutedAsync(
            DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
        {
            if (++_statements != FailAt)
            {
                return result;
            }

            Lost++;
            await result.DisposeAsync();
            throw new NpgsqlException("The connection broke.", new IOException());
        }
    }

    private sealed class CancelsAfterEachStatement(CancellationTokenSource cancellation) : DbCommandInterceptor
    {
        public override async ValueTask<int> NonQueryExecutedAsync(
            DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
        {
            await cancellation.CancelAsync();
            return result;
        }
    }

    private sealed class CountsOpenedConnections : DbConnectionInterceptor
    {
        public int Count { get; private set; }

        public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
            DbConnection connection,
            ConnectionEventData eventData,
            InterceptionResult result,
            CancellationToken cancellationToken = default)
        {
            Count++;
            return new(result);
        }
    }

    /// <summary>Fails every statement before it reaches the server.</summary>
    private sealed class EveryStatementFails(string sqlState) : DbCommandInterceptor
    {
        public int Statements { get; private set; }

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default)
        {
            Statements++;
            throw new PostgresException("Failed on purpose.", "ERROR", "ERROR", sqlState);
        }
    }
}
