using System.Collections.Concurrent;
using Callroute.Mfa.TestServers;
using Npgsql;

namespace Callroute.Mfa.Sql.Tests;

/// <summary>Two services with two tables of one database, behind a pooler that gives each transaction another connection.</summary>
public sealed class PoolerTests
{
    private static readonly string[] Tables = ["first_mfa", "second_mfa"];

    // Before statements named their table, a third of the reads returned the record of the other service.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Store_BehindAPooler_NeverAnswersForTheOtherTable(bool prepares)
    {
        Assert.SkipWhen(PgBouncerServer.WhyMissing is not null, PgBouncerServer.WhyMissing ?? string.Empty);
        await using var server = await PostgreSqlServer.StartNewAsync();
        await using var pooler = await PgBouncerServer.StartNewAsync(server);
        await using var direct = NpgsqlDataSource.Create(server.ConnectionString);
        var (wrong, faults) = (new ConcurrentBag<string>(), new ConcurrentBag<Exception>());

        await Task.WhenAll(Tables.Select(async table =>
        {
            await new SqlMfaStore(direct, SqlDialect.PostgreSql, new() { TableName = table }).CreateTableAsync(Token);
            await using var source = NpgsqlDataSource.Create(pooler.ConnectionString);
            var store = new SqlMfaStore(source, SqlDialect.PostgreSql, new() { TableName = table, PrepareStatements = prepares });
            await Parallel.ForAsync(
                0, 1_000, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Token },
                async (i, _) => await UseAsync(store, table, new MfaSubject($"user-{i}"), wrong, faults));
        }));

        Assert.Empty(wrong);
        Assert.All(Tables, table => Assert.Equal(0L, CountForeign(direct, table)));
        Assert.True(prepares || faults.IsEmpty, $"{faults.FirstOrDefault()}");
    }

    private static async Task UseAsync(
        SqlMfaStore store, string table, MfaSubject user, ConcurrentBag<string> wrong, ConcurrentBag<Exception> faults)
    {
        var (document, version) = (System.Text.Encoding.UTF8.GetBytes(table), Guid.NewGuid());
        try
        {
            if (!await store.TryWriteAsync(user, document, version, null, Token))
            {
                wrong.Add($"{user}: exists already");
            }

            var found = await store.FindAsync(user, Token);
            if (found?.Version != version || !found.Document.Span.SequenceEqual(document))
            {
                wrong.Add($"{user}: {(found is null ? "nothing" : "another record")} was found in {table}");
            }
        }
        catch (Exception fault) when (fault is NpgsqlException or InvalidOperationException)
        {
            faults.Add(fault);
        }
    }

    private static object? CountForeign(NpgsqlDataSource direct, string table)
    {
        using var command = direct.CreateCommand($"SELECT count(*) FROM {table} WHERE document <> '{table}'");
        return command.ExecuteScalar();
    }
}
