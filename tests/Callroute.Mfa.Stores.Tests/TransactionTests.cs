using System.Transactions;
using Callroute.Mfa.TestServers;
using Microsoft.Extensions.Time.Testing;

namespace Callroute.Mfa.Stores.Tests;

/// <summary>If a caller rolls back, recorded attempts stay.</summary>
public sealed class TransactionTests
{
    [Theory]
    [MemberData(nameof(EngineStore.All), MemberType = typeof(EngineStore))]
    public async Task VerifyAsync_InAScopeThatIsRolledBack_StillCountsAndUsesTheCode(string engine)
    {
        var store = await EngineStore.OpenAsync(engine);
        var (failing, accepted) = (await EnrolledUser.EnrollAsync(store), await EnrolledUser.EnrollAsync(store));

        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            Assert.Equal(RefusalReason.WrongCode, (await failing.VerifyAsync(failing.WrongCode)).Reason);
            Assert.True((await accepted.VerifyAsync(accepted.Code)).Succeeded);
            Assert.NotNull(Transaction.Current);
        }

        Assert.Equal(1, await failing.FailuresAsync());
        Assert.Equal(RefusalReason.Replayed, (await accepted.VerifyAsync(accepted.Code)).Reason);
    }

    [Theory]
    [InlineData("Sql, PostgreSQL, read committed", Database.PostgreSql)]
    [InlineData("Sql, MariaDB", Database.MariaDb)]
    [InlineData("EF, PostgreSQL, read committed", Database.PostgreSql)]
    public async Task VerifyAsync_BesideWritesThatAreRolledBack_OnlyTheFailuresStay(string name, string engine)
    {
        await using var database = await Database.NewAsync(engine);
        var user = await EnrollBesideLoginsAsync(name, database);

        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            await database.ExecuteAsync("INSERT INTO logins VALUES (1)");
            Assert.Equal(RefusalReason.WrongCode, (await user.VerifyAsync(user.WrongCode)).Reason);
        }

        await InTransactionAsync(
            database, async () => Assert.Equal(RefusalReason.WrongCode, (await user.VerifyAsync(user.WrongCode)).Reason));

        Assert.Empty(await database.QueryAsync("SELECT id FROM logins"));
        Assert.Equal(2, await user.FailuresAsync());
    }

    [Theory]
    [InlineData("Sql, SQLite")]
    [InlineData("EF, SQLite")]
    public async Task VerifyAsync_CallerHoldsTheLockOfSqlite_IsUnavailableAndCountsNothing(string name)
    {
        await using var database = await Database.NewAsync(Database.Sqlite);
        var user = await EnrollBesideLoginsAsync(name, database);
        var impatient = user.ServiceOn(await Engines.Named(name, TimeSpan.FromSeconds(1)).OpenAsync(database.ConnectionString));

        await InTransactionAsync(database, async () =>
        {
            var results = await Task.WhenAll(user.VerifyAsync(user.Code, impatient), user.VerifyAsync(user.WrongCode, impatient));
            Assert.All(results, result => Assert.Equal(RefusalReason.Unavailable, result.Reason));
        });

        Assert.Equal(0, await user.FailuresAsync());
        Assert.True((await user.VerifyAsync(user.Code)).Succeeded);
    }

    [Theory]
    [InlineData("Sql, SQLite")]
    [InlineData("EF, SQLite")]
    public async Task VerifyAsync_LockIsHeldForLongerThanTheCallTimeout_DoesNotBlockTheCaller(string name)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var database = await Database.NewAsync(Database.Sqlite);
        var user = await EnrollBesideLoginsAsync(name, database, clock);

        var (code, attempt) = (user.Code, user.Mfa.BeginAttempt());

        await InTransactionAsync(database, async () =>
        {
            var verifying = user.VerifyAsync(code, attempt: attempt);
            Assert.False(verifying.IsCompleted);
            clock.Advance(new MfaOptions().CallTimeout);
            Assert.Equal(RefusalReason.Unavailable, (await verifying).Reason);
        });

        // The write goes on without its caller. The same attempt gets its outcome.
        await Waiting.UntilAsync(async () => (await user.VerifyAsync(code, attempt: attempt)).Succeeded);
    }

    private static async Task<EnrolledUser> EnrollBesideLoginsAsync(string name, Database database, FakeTimeProvider? clock = null)
    {
        await database.ExecuteAsync("CREATE TABLE logins (id INT)");
        return await EnrolledUser.EnrollAsync(await Engines.Named(name).OpenAsync(database.ConnectionString), clock: clock);
    }

    private static async Task InTransactionAsync(Database database, Func<Task> verify)
    {
        await using var connection = await database.Source.OpenConnectionAsync(Database.Token);
        await using var transaction = await connection.BeginTransactionAsync(Database.Token);
        await using var command = connection.CreateCommand();
        (command.Transaction, command.CommandText) = (transaction, "INSERT INTO logins VALUES (1)");
        await command.ExecuteNonQueryAsync(Database.Token);
        await verify();
        await transaction.RollbackAsync(Database.Token);
    }
}
