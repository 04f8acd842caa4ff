using System.Transactions;

namespace Callroute.Mfa.Sql.Tests;

/// <summary>Bar B-14: a failed attempt counts though the transaction of the caller is rolled back.</summary>
public class AmbientTransactionTests
{
    [Theory]
    [MemberData(nameof(Database.All), MemberType = typeof(Database))]
    public async Task VerifyAsync_InsideARolledBackScope_StillCounts(string engine)
    {
        await using var database = await Database.NewAsync(engine);
        var store = database.NewStore();
        await store.CreateTableAsync(Database.Token);
        var signIns = await SignIns.EnrollAsync(store);

        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            Assert.Equal(RefusalReason.WrongCode, (await signIns.VerifyAsync(signIns.WrongCode)).Reason);
        }

        Assert.Equal(1, await signIns.FailuresAsync());
    }

    [Theory]
    [MemberData(nameof(Database.All), MemberType = typeof(Database))]
    public async Task VerifyAsync_AcceptedInsideARolledBackScope_IsNotAcceptedAgain(string engine)
    {
        await using var database = await Database.NewAsync(engine);
        var store = database.NewStore();
        await store.CreateTableAsync(Database.Token);
        var signIns = await SignIns.EnrollAsync(store);

        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            Assert.True((await signIns.VerifyAsync(signIns.Code)).Succeeded);
            Assert.NotNull(Transaction.Current);
        }

        Assert.Equal(RefusalReason.Replayed, (await signIns.VerifyAsync(signIns.Code)).Reason);
    }

    [Theory]
    [InlineData(Database.PostgreSql)]
    [InlineData(Database.MariaDb)]
    public async Task VerifyAsync_BesideTheCallersOpenTransaction_StillCounts(string engine)
    {
        await using var database = await Database.NewAsync(engine);
        await database.ExecuteAsync("CREATE TABLE of_the_host (id INT)");
        var store = database.NewStore();
        await store.CreateTableAsync(Database.Token);
        var signIns = await SignIns.EnrollAsync(store);

        await using var connection = await database.Source.OpenConnectionAsync(Database.Token);
        await using (var transaction = await connection.BeginTransactionAsync(Database.Token))
        {
            await WriteAsync(connection, transaction);
            Assert.Equal(RefusalReason.WrongCode, (await signIns.VerifyAsync(signIns.WrongCode)).Reason);
            await transaction.RollbackAsync(Database.Token);
        }

        Assert.Equal(1, await signIns.FailuresAsync());
    }

    [Fact]
    public async Task VerifyAsync_WhileTheCallerHoldsTheLockOfSqlite_IsUnavailableAndVerifiesNothing()
    {
        await using var database = await Database.NewAsync(Database.Sqlite);
        await database.ExecuteAsync("CREATE TABLE of_the_host (id INT)");
        var store = database.NewStore();
        await store.CreateTableAsync(Database.Token);
        var signIns = await SignIns.EnrollAsync(store);

        await using var connection = await database.Source.OpenConnectionAsync(Database.Token);
        await using (var transaction = await connection.BeginTransactionAsync(Database.Token))
        {
            await WriteAsync(connection, transaction);
            Assert.Equal(RefusalReason.Unavailable, (await signIns.VerifyAsync(signIns.Code)).Reason);
            Assert.Equal(RefusalReason.Unavailable, (await signIns.VerifyAsync(signIns.WrongCode)).Reason);
            await transaction.RollbackAsync(Database.Token);
        }

        Assert.Equal(0, await signIns.FailuresAsync());
        Assert.True((await signIns.VerifyAsync(signIns.Code)).Succeeded);
    }

    private static async Task WriteAsync(System.Data.Common.DbConnection connection, System.Data.Common.DbTransaction transaction)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "INSERT INTO of_the_host (id) VALUES (1)";
        await command.ExecuteNonQueryAsync(Database.Token);
    }
}
