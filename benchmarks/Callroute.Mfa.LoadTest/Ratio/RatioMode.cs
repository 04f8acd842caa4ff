using System.CommandLine;
using System.Diagnostics;
using System.Security.Cryptography;
using Callroute.Mfa.Storage;
using Spectre.Console;

namespace Callroute.Mfa.LoadTest.Ratio;

/// <summary>
/// <c>ratio</c>: the overhead of our store over the driver's own read and conditional write, and that of the whole verification.
/// </summary>
internal sealed class RatioMode(IReadOnlyList<string> engines, int blocks, int operations)
{
    private static readonly byte[] Document = RandomNumberGenerator.GetBytes(600);

    public static Command Create()
    {
        var engines = new Option<string[]>("--engines")
        {
            Description = "Which, each quoted.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [.. Contests.All.Keys],
        };
        engines.AcceptOnlyFromAmong([.. Contests.All.Keys]);
        var blocks = new Option<int>("--blocks") { Description = "How many blocks each candidate runs.", DefaultValueFactory = _ => 61 };
        var operations = new Option<int>("--operations")
        {
            Description = "Operations of each candidate in a block, and the number of its users.",
            DefaultValueFactory = _ => 100,
        };
        var json = Output.JsonOption();
        var command = new Command("ratio", "Compare the stores with their drivers, one client, in turns.")
        {
            engines, blocks, operations, json,
        };
        command.SetAction((result, _) => Output.RunAsync(
            result.GetValue(json),
            new RatioMode(result.GetValue(engines)!, result.GetValue(blocks), result.GetValue(operations)).MeasureAsync,
            Show));
        return command;
    }

    private static Table Show(IReadOnlyList<RatioRow> rows)
    {
        var table = Output.NewTable(
            "One client; a read and a conditional write of 600 bytes; medians of blocks that take turns",
            "Engine",
            "Way",
            "µs",
            "Ratio",
            "Bar");
        foreach (var row in rows)
        {
            table.AddCells(row.Engine, row.Way, row.Microseconds.Whole(), row.Ratio.Times(), row.Bar?.Times());
        }

        return table;
    }

    private async Task<IReadOnlyList<RatioRow>> MeasureAsync(ProgressContext progress)
    {
        var rows = new List<RatioRow>();
        foreach (var engine in engines)
        {
            var task = progress.AddTask(engine, maxValue: blocks);
            rows.AddRange(await MeasureAsync(await Contests.All[engine](), task));
        }

        return rows;
    }

    private async Task<IEnumerable<RatioRow>> MeasureAsync(Contest contest, ProgressTask progress)
    {
        var people = await People.EnrollAsync(contest.Store, operations);
        var mfa = people.ServiceOn(contest.Store);
        var ways = new List<(string Name, double? Bar, Func<Guid, ValueTask> Run)>();
        foreach (var (name, swapper) in contest.ByHand)
        {
            ways.Add((name, null, await PrepareAsync(contest.Store, swapper)));
        }

        ways.Add(("our store", contest.Bar, await PrepareAsync(contest.Store, new StoreSwapper(contest.Store))));
        ways.Add(("VerifyAsync", null, _ => people.Next(mfa, operations).AcceptAsync()));

        var times = await TakeTurnsAsync([.. ways.Select(way => way.Run)], progress);
        var fastest = times.Take(contest.ByHand.Count).MinBy(Median.Of)!;
        return ways.Select((way, i) =>
            new RatioRow(
                contest.Name, way.Name, Median.Of(times[i]), Median.Of(times[i].Zip(fastest, (time, byHand) => time / byHand)), way.Bar));
    }

    /// <summary>Writes users for one candidate, and returns a function that replaces the document of a random one of them.</summary>
    private async Task<Func<Guid, ValueTask>> PrepareAsync(IMfaStore store, ISwapper swapper)
    {
        var users = Enumerable.Range(0, operations).Select(_ => $"{Guid.NewGuid()}").ToArray();
        foreach (var user in users)
        {
            await store.TryWriteAsync(new MfaSubject(user), Document, Guid.NewGuid(), null);
        }

        return async next =>
        {
            if (!await swapper.SwapAsync(users[Random.Shared.Next(users.Length)], Document, next))
            {
                throw new InvalidOperationException("A write reported a conflict, although there is only one client.");
            }
        };
    }

    /// <returns>For each candidate the microseconds per operation of every block, without the first block, which warms up.</returns>
    private async Task<double[][]> TakeTurnsAsync(Func<Guid, ValueTask>[] ways, ProgressTask progress)
    {
        var times = ways.Select(_ => new double[blocks]).ToArray();
        for (var block = 0; block < blocks; block++)
        {
            for (var turn = 0; turn < ways.Length; turn++)
            {
                var i = (block + turn) % ways.Length;
                times[i][block] = await RunAsync(ways[i]);
            }

            progress.Increment(1);
        }

        return blocks == 1 ? times : [.. times.Select(ofWay => ofWay[1..])];
    }

    private async Task<double> RunAsync(Func<Guid, ValueTask> way)
    {
        var versions = Enumerable.Range(0, operations).Select(_ => Guid.NewGuid()).ToArray();
        var started = Stopwatch.GetTimestamp();
        foreach (var next in versions)
        {
            await way(next);
        }

        return Stopwatch.GetElapsedTime(started).TotalMicroseconds / operations;
    }
}
