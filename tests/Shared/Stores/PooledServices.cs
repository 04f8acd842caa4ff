using System.Collections.Concurrent;
using System.Data.Common;
using System.Text;
using Callroute.Mfa.Sql;
using Callroute.Mfa.Storage;
using Callroute.Mfa.TestServers;
using Npgsql;

namespace Callroute.Mfa.Tests;

/// <summary>Two services with two tables of one database, behind a pooler that gives each transaction another connection.</summary>
public sealed class PooledServices
{
    private static readonly string[] Tables = ["first_mfa", "second_mfa"];

    private PooledServices()
    {
    }

    /// <summary>What each wrong answer was.</summary>
    public ConcurrentBag<string> Wrong { get; } = [];

    /// <summary>What the stores threw.</summary>
    public ConcurrentBag<Exception> Faults { get; } = [];

    /// <summary>Creates and reads a thousand records in each table at the same time.</summary>
    /// <param name="open">Opens the store of a service from its table and its connection string.</param>
    public static async Task<PooledServices> RunAsync(Func<string, string, IMfaStore> open)
    {
        Assert.SkipWhen(PgBouncerServer.WhyMissing is not null, PgBouncerServer.WhyMissing ?? string.Empty);
        await using var server = await PostgreSqlServer.StartNewAsync();
        await using var pooler = await PgBouncerServer.StartNewAsync(server);
        await using var direct = NpgsqlDataSource.Create(server.ConnectionString);
        var services = new PooledServices();
        await Task.WhenAll(Tables.Select(async table =>
        {
            await new SqlMfaStore(direct, SqlDialect.PostgreSql, new() { TableName = table }).CreateTableAsync(Database.Token);

            // The name gives each service connections of its own to the pooler.
            var store = open(table, $"{pooler.ConnectionString};Application Name={table}");
            await Parallel.ForAsync(
                0, 1_000, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Database.Token },
                async (i, _) => await services.UseAsync(store, table, new MfaSubject($"user-{i}")));
        }));
        foreach (var table in Tables)
        {
            await using var foreign = direct.CreateCommand($"SELECT user_id FROM {table} WHERE document <> '{table}'");
            await using var reader = await foreign.ExecuteReaderAsync(Database.Token);
            Assert.False(reader.HasRows, $"{table} has a record of the other service.");
        }

        return services;
    }

    private async Task UseAsync(IMfaStore store, string table, MfaSubject user)
    {
        var (document, version) = (Encoding.UTF8.GetBytes(table), Guid.NewGuid());
        try
        {
            if (!await store.TryWriteAsync(user, document, version, null, Database.Token))
            {
                Wrong.Add($"{user} exists already in {table}");
            }

            var found = await store.FindAsync(user, Database.Token);
            if (found?.Version != version || !found.Document.Span.SequenceEqual(document))
            {
                Wrong.Add($"{user}: {(found is null ? "no" : "another")} record was found in {table}");
            }
        }
        catch (Exception fault) when (fault is DbException or InvalidOperationException)
        {
            Faults.Add(fault);
        }
    }
}
