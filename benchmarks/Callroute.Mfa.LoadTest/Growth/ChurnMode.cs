using System.CommandLine;
using Callroute.Mfa.Sql;
using Callroute.Mfa.Storage;
using Callroute.Mfa.TestServers;
using Npgsql;
using Spectre.Console;

namespace Callroute.Mfa.LoadTest.Growth;

/// <summary><c>churn</c>: how PostgreSQL's table grows when every user signs in again and again, by fill factor.</summary>
/// <remarks>Updates wait for no disk here (<c>synchronous_commit = off</c>), so that there are enough of them; that changes no size. Autovacuum is as by default.</remarks>
internal sealed class ChurnMode(int[] fillFactors, int users, int updates)
{
    private const int Enrolled = 1000;
    private const string Table = SqlMfaStoreOptions.DefaultTableName;

    public static Command Create()
    {
        var fillFactors = new Option<string>("--fillfactors") { Description = "Of the table, in percent.", DefaultValueFactory = _ => "100,90,80,70" };
        var users = new Option<int>("--users") { Description = "How many are enrolled.", DefaultValueFactory = _ => 20_000 };
        var updates = new Option<int>("--updates") { Description = "How often each is updated on average, in random order.", DefaultValueFactory = _ => 10 };
        var json = Output.JsonOption();
        var command = new Command("churn", "Measure how PostgreSQL's table grows by updates.") { fillFactors, users, updates, json };
        command.SetAction((result, _) => Output.RunAsync(
            result.GetValue(json),
            new ChurnMode(Numbers.Parse(result.GetValue(fillFactors)!), result.GetValue(users), result.GetValue(updates)).MeasureAsync,
            Show));
        return command;
    }

    private static Table Show(IReadOnlyList<ChurnRow> rows)
    {
        var table = Output.NewTable("PostgreSQL, updates of users at random", "fillfactor", "Users", "Updates a user", "Bytes a user", "After the updates", "HOT", "WAL bytes an update");
        foreach (var row in rows)
        {
            table.AddCells(row.FillFactor, row.Users, row.UpdatesAUser, row.BytesAUser.Whole(), row.BytesAUserAfter.Whole(), $"{100 * row.HotShare:0} %", row.WalBytesAnUpdate.Whole());
        }

        return table;
    }

    private async Task<IReadOnlyList<ChurnRow>> MeasureAsync(ProgressContext progress)
    {
        var population = await Population.EnrollAsync(Math.Min(Enrolled, users));
        var rows = new List<ChurnRow>();
        foreach (var fillFactor in fillFactors)
        {
            var task = progress.AddTask($"fillfactor {fillFactor}", maxValue: updates);
            await using var server = await PostgreSqlServer.StartNewAsync();
            await using var source = NpgsqlDataSource.Create(server.ConnectionString + ";Options=-c synchronous_commit=off");
            rows.Add(await MeasureAsync(source, fillFactor, [.. population.Rows(users)], task));
        }

        return rows;
    }

    private async Task<ChurnRow> MeasureAsync(NpgsqlDataSource source, int fillFactor, Row[] rows, ProgressTask progress)
    {
        using var store = new SqlMfaStore(source, SqlDialect.PostgreSql);
        await store.CreateTableAsync();
        await AskAsync<object>(source, $"ALTER TABLE {Table} SET (fillfactor = {fillFactor})");
        await PostgreSqlPlace.CopyAsync(source, Table, rows);
        await AskAsync<object>(source, $"VACUUM ANALYZE {Table}");
        var (bytes, wal) = (await BytesAsync(source), await WalAsync(source));
        await UpdateAsync(store, rows, progress);
        await AskAsync<object>(source, "SELECT pg_stat_force_next_flush()");
        return new ChurnRow(
            fillFactor,
            users,
            updates,
            bytes / users,
            await BytesAsync(source) / users,
            (double)await AskAsync<decimal>(source, $"SELECT n_tup_hot_upd / n_tup_upd::numeric FROM pg_stat_user_tables WHERE relname = '{Table}'"),
            (long)((await WalAsync(source) - wal) / ((decimal)users * updates)));
    }

    private async Task UpdateAsync(SqlMfaStore store, Row[] rows, ProgressTask progress)
    {
        var versions = Array.ConvertAll(rows, row => row.Record.Version);
        for (var pass = 0; pass < updates; pass++)
        {
            for (var i = 0; i < rows.Length; i++)
            {
                var (user, next) = (Random.Shared.Next(rows.Length), RecordVersion.Create());
                await store.TryWriteAsync(rows[user].Subject, rows[user].Record.Document, next, versions[user]);
                versions[user] = next;
            }

            progress.Increment(1);
        }
    }

    private static async Task<long> BytesAsync(NpgsqlDataSource source) => await AskAsync<long>(source, $"SELECT pg_total_relation_size('{Table}')");

    private static async Task<decimal> WalAsync(NpgsqlDataSource source) => await AskAsync<decimal>(source, "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')");

    private static async Task<T?> AskAsync<T>(NpgsqlDataSource source, string statement)
    {
        await using var command = source.CreateCommand(statement);
        return await command.ExecuteScalarAsync() is T answer ? answer : default;
    }
}
