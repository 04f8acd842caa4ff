using System.CommandLine;
using Callroute.Mfa.Sql;
using Callroute.Mfa.TestServers;
using Npgsql;
using Spectre.Console;

namespace Callroute.Mfa.LoadTest.Growth;

/// <summary><c>churn</c>: the growth of PostgreSQL's table when users sign in repeatedly, by fill factor.</summary>
/// <remarks>
/// Sign-ins do not wait for the disk (<c>synchronous_commit = off</c>), which makes them faster and changes no size.
/// Autovacuum runs every second instead of every minute, because a day's sign-ins take seconds here. Its threshold is the default.
/// </remarks>
internal sealed class ChurnMode(int[] fillFactors, int users, int history, int signIns)
{
    private const string Table = "callroute_mfa";

    public static Command Create()
    {
        var fillFactors = new Option<string>("--fillfactors")
        {
            Description = "Of the table, in percent.",
            DefaultValueFactory = _ => "100,90,80,70",
        };
        var users = new Option<int>("--users") { Description = "How many are enrolled.", DefaultValueFactory = _ => 5_000 };
        var history = Population.HistoryOption();
        var signIns = new Option<int>("--sign-ins")
        {
            Description = "How often each signs in on average, in random order.",
            DefaultValueFactory = _ => 10,
        };
        var json = Output.JsonOption();
        var command = new Command("churn", "Measure how PostgreSQL's table grows by sign-ins.")
        {
            fillFactors, users, history, signIns, json,
        };
        command.SetAction((result, _) => Output.RunAsync(
            result.GetValue(json),
            new ChurnMode(
                Numbers.Parse(result.GetValue(fillFactors)!),
                result.GetValue(users),
                result.GetValue(history),
                result.GetValue(signIns)).MeasureAsync,
            Show));
        return command;
    }

    private static Table Show(IReadOnlyList<ChurnRow> rows)
    {
        var table = Output.NewTable(
            "PostgreSQL, sign-ins of users at random",
            "fillfactor",
            "Users",
            "Sign-ins a user",
            "Bytes a user",
            "After the sign-ins",
            "HOT",
            "WAL bytes a sign-in");
        foreach (var row in rows)
        {
            table.AddCells(
                row.FillFactor, row.Users, row.SignInsAUser, row.BytesAUser.Whole(), row.BytesAUserAfter.Whole(),
                $"{100 * row.HotShare:0} %", row.WalBytesASignIn.Whole());
        }

        return table;
    }

    private async Task<IReadOnlyList<ChurnRow>> MeasureAsync(ProgressContext progress)
    {
        var population = await Population.EnrollAsync(users, history);
        var rows = new List<ChurnRow>();
        foreach (var fillFactor in fillFactors)
        {
            var task = progress.AddTask($"fillfactor {fillFactor}", maxValue: signIns);
            await using var server = await PostgreSqlServer.StartNewAsync();
            await using var source = NpgsqlDataSource.Create(server.ConnectionString + ";Options=-c synchronous_commit=off");
            rows.Add(await MeasureAsync(source, fillFactor, population, task));
        }

        return rows;
    }

    private async Task<ChurnRow> MeasureAsync(NpgsqlDataSource source, int fillFactor, Population population, ProgressTask progress)
    {
        var store = new SqlMfaStore(source, SqlDialect.PostgreSql);
        await RunAsync(
            source,
            SqlDialect.PostgreSql.GetCreateTableStatement(),   // the store itself refuses synchronous_commit = off
            $"ALTER TABLE {Table} SET (fillfactor = {fillFactor})",
            "ALTER SYSTEM SET autovacuum_naptime = 1",
            "SELECT pg_reload_conf()");
        await PostgreSqlPlace.CopyAsync(source, Table, population.Rows(users));
        await RunAsync(source, $"VACUUM ANALYZE {Table}");
        var (bytes, wal) = (await BytesAsync(source), await WalAsync(source));
        await SignInAsync(population.People, population.People.ServiceOn(store), progress);
        await RunAsync(source, "SELECT pg_stat_force_next_flush()");
        return new ChurnRow(
            fillFactor,
            users,
            signIns,
            bytes / users,
            await BytesAsync(source) / users,
            (double)await AskAsync<decimal>(
                source, $"SELECT n_tup_hot_upd / n_tup_upd::numeric FROM pg_stat_user_tables WHERE relname = '{Table}'"),
            (long)((await WalAsync(source) - wal) / ((decimal)users * signIns)));
    }

    private async Task SignInAsync(People people, MfaService mfa, ProgressTask progress)
    {
        for (var pass = 0; pass < signIns; pass++)
        {
            for (var i = 0; i < users; i++)
            {
                await people.Next(mfa, users).AcceptAsync();
            }

            progress.Increment(1);
        }
    }

    private static Task<long> BytesAsync(NpgsqlDataSource source) => AskAsync<long>(source, $"SELECT pg_total_relation_size('{Table}')");

    private static Task<decimal> WalAsync(NpgsqlDataSource source) =>
        AskAsync<decimal>(source, "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')");

    private static async Task<T> AskAsync<T>(NpgsqlDataSource source, string statement)
    {
        await using var command = source.CreateCommand(statement);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private static async Task RunAsync(NpgsqlDataSource source, params string[] statements)
    {
        foreach (var statement in statements)
        {
            await using var command = source.CreateCommand(statement);
            await command.ExecuteNonQueryAsync();
        }
    }
}
