using System.CommandLine;
using System.Diagnostics;
using Callroute.Mfa.Storage;
using Spectre.Console;

namespace Callroute.Mfa.LoadTest.Growth;

/// <summary><c>growth</c>: the time of a verification and the size of a user, with a thousand and with a million users.</summary>
internal sealed class GrowthMode(IReadOnlyList<string> engines, int[] sizes, int sample, int history, int rounds, int signIns)
{
    public static Command Create()
    {
        var engines = new Option<string[]>("--engines")
        {
            Description = "Which.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [.. Place.All.Keys],
        };
        engines.AcceptOnlyFromAmong([.. Place.All.Keys]);
        var users = new Option<string>("--users")
        {
            Description = "How many are enrolled.",
            DefaultValueFactory = _ => "1000,100000,1000000",
        };
        var sample = new Option<int>("--sample")
        {
            Description =
                "How many of them are enrolled through the service and sign in, at random; the others are copies of their documents "
                + "under other ids.",
            DefaultValueFactory = _ => 10_000,
        };
        var history = Population.HistoryOption();
        var rounds = new Option<int>("--rounds") { Description = "How often the sizes take turns.", DefaultValueFactory = _ => 21 };
        var signIns = new Option<int>("--sign-ins") { Description = "Sign-ins in each turn.", DefaultValueFactory = _ => 300 };
        var json = Output.JsonOption();
        var command = new Command("growth", "Measure how the time of a verification grows with the number of users.")
        {
            engines, users, sample, history, rounds, signIns, json,
        };
        command.SetAction((result, _) => Output.RunAsync(
            result.GetValue(json),
            new GrowthMode(
                result.GetValue(engines)!,
                Numbers.Parse(result.GetValue(users)!),
                result.GetValue(sample),
                result.GetValue(history),
                result.GetValue(rounds),
                result.GetValue(signIns)).MeasureAsync,
            Show));
        return command;
    }

    private static Table Show(IReadOnlyList<GrowthRow> rows)
    {
        var table = Output.NewTable(
            "One client; each sign-in the whole VerifyAsync of a right code of a user at random",
            "Engine",
            "Users",
            "µs a sign-in",
            "Ratio",
            "Bytes a user",
            "After the sign-ins",
            "Loaded in s",
            "Scanned in s");
        foreach (var row in rows)
        {
            table.AddCells(
                row.Engine, ((long)row.Users).Whole(), row.Microseconds.Whole(), row.Ratio.Times(), row.BytesAUser.Whole(),
                row.BytesAUserAfter.Whole(), row.LoadSeconds.Tenths(), row.ScanSeconds.Tenths());
        }

        return table;
    }

    private async Task<IReadOnlyList<GrowthRow>> MeasureAsync(ProgressContext progress)
    {
        var population = await Population.EnrollAsync(Math.Min(sample, sizes.Max()), history);
        var rows = new List<GrowthRow>();
        foreach (var engine in engines)
        {
            var task = progress.AddTask(engine, maxValue: sizes.Length + rounds);
            await using var place = await Place.All[engine]();
            rows.AddRange(await MeasureAsync(engine, place, population, task));
        }

        return rows;
    }

    private async Task<IEnumerable<GrowthRow>> MeasureAsync(string engine, Place place, Population population, ProgressTask progress)
    {
        var loaded = new List<(int Size, IMfaStore Store, double Seconds, long Bytes)>();
        foreach (var size in sizes)
        {
            var started = Stopwatch.GetTimestamp();
            var store = await place.LoadAsync(size, population.Rows(size));
            loaded.Add((size, store, Stopwatch.GetElapsedTime(started).TotalSeconds, await place.MeasureBytesAsync(size)));
            progress.Increment(1);
        }

        var times = await TakeTurnsAsync(
            [.. loaded.Select(one => (one.Size, population.People.ServiceOn(one.Store)))], population.People, progress);
        var rows = new List<GrowthRow>();
        foreach (var ((size, store, seconds, bytes), i) in loaded.Select((one, i) => (one, i)))
        {
            rows.Add(new GrowthRow(
                engine,
                size,
                Median.Of(times[i]),
                Median.Of(times[i].Zip(times[0], (time, smallest) => time / smallest)),
                bytes / size,
                await place.MeasureBytesAsync(size) / size,
                seconds,
                await ScanAsync((IMfaStoreScan)store, size)));
        }

        return rows;
    }

    private static async Task<double> ScanAsync(IMfaStoreScan store, int size)
    {
        var (started, count) = (Stopwatch.GetTimestamp(), 0);
        await foreach (var _ in store.ScanAsync())
        {
            count++;
        }

        return count >= size
            ? Stopwatch.GetElapsedTime(started).TotalSeconds
            : throw new InvalidOperationException($"A scan listed {count} of {size} users.");
    }

    /// <returns>For each size the microseconds per sign-in of every round, without the first round, which warms up.</returns>
    private async Task<double[][]> TakeTurnsAsync((int Size, MfaService Mfa)[] populations, People people, ProgressTask progress)
    {
        var times = populations.Select(_ => new double[rounds]).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var turn = 0; turn < populations.Length; turn++)
            {
                var i = (round + turn) % populations.Length;
                times[i][round] = await SignInAsync(people, populations[i].Mfa, populations[i].Size);
            }

            progress.Increment(1);
        }

        return rounds == 1 ? times : [.. times.Select(ofSize => ofSize[1..])];
    }

    private async Task<double> SignInAsync(People people, MfaService mfa, int among)
    {
        var total = TimeSpan.Zero;
        for (var i = 0; i < signIns; i++)
        {
            var signIn = people.Next(mfa, among);
            var started = Stopwatch.GetTimestamp();
            await signIn.AcceptAsync();
            total += Stopwatch.GetElapsedTime(started);
        }

        return total.TotalMicroseconds / signIns;
    }
}
