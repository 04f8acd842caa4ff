using System.CommandLine;
using Callroute.Mfa.TestServers;
using Spectre.Console;

namespace Callroute.Mfa.LoadTest.Throughput;

/// <summary><c>throughput</c>: sign-ins per second and their latencies, for every engine with 1, 2 and 4 client processes.</summary>
internal sealed class ThroughputMode(IReadOnlyList<string> engines, int[] processes, int tasks, TimeSpan duration)
{
    public const string InMemory = "in-memory";

    private const int UsersATask = 25;

    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(2);

    public static Command Create()
    {
        var engines = new Option<string[]>("--engines")
        {
            Description = $"Which, each quoted; all by default: {string.Join("; ", All)}.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => Usual(),
        };
        engines.AcceptOnlyFromAmong([.. All]);
        var processes = new Option<string>("--processes")
        {
            Description = "How many client processes.",
            DefaultValueFactory = _ => "1,2,4",
        };
        var tasks = new Option<int>("--tasks")
        {
            Description = "Sign-ins under way at once in each process.",
            DefaultValueFactory = _ => 8,
        };
        var seconds = new Option<int>("--seconds") { Description = "How long each is measured.", DefaultValueFactory = _ => 10 };
        var json = Output.JsonOption();
        var command = new Command("throughput", "Measure sign-ins a second and their latencies.")
        {
            engines, processes, tasks, seconds, json,
        };
        command.SetAction((result, _) => Output.RunAsync(
            result.GetValue(json),
            new ThroughputMode(
                result.GetValue(engines)!,
                Numbers.Parse(result.GetValue(processes)!),
                result.GetValue(tasks),
                TimeSpan.FromSeconds(result.GetValue(seconds))).MeasureAsync,
            Show));
        return command;
    }

    private static IEnumerable<string> All => [InMemory, .. Engines.All.Select(engine => engine.Name)];

    // Measure only the default isolation level of the database. The others are available as options.
    private static string[] Usual() =>
        [
            .. All.Where(name =>
                !name.EndsWith("repeatable read", StringComparison.Ordinal) && !name.EndsWith("serializable", StringComparison.Ordinal)),
        ];

    private static Table Show(IReadOnlyList<ThroughputRow> rows)
    {
        var table = Output.NewTable(
            "Sign-ins, each the whole VerifyAsync of a right code; latencies in µs",
            "Engine",
            "Processes × tasks",
            "Sign-ins/s",
            "Refused",
            "p50",
            "p95",
            "p99",
            "p99.9",
            "Max");
        foreach (var row in rows)
        {
            table.AddCells(
                row.Engine,
                $"{row.Processes} × {row.TasksAProcess}",
                row.SignInsASecond.Whole(),
                row.Refused.Whole(),
                row.P50.Whole(),
                row.P95.Whole(),
                row.P99.Whole(),
                row.P999.Whole(),
                row.Max.Whole());
        }

        return table.Caption(Markup.Escape(string.Join('\n', rows.Select(row => $"{row.Engine}: {row.Durability}").Distinct())));
    }

    private async Task<IReadOnlyList<ThroughputRow>> MeasureAsync(ProgressContext progress)
    {
        var rows = new List<ThroughputRow>();
        foreach (var engine in engines)
        {
            var counts = engine == InMemory ? [1] : processes;
            var task = progress.AddTask(Markup.Escape(engine), maxValue: counts.Length);
            var (connectionString, durability) = await StartAsync(engine);
            foreach (var count in counts.Where(_ => connectionString is not null))
            {
                var order = new WorkOrder(
                    engine, connectionString!, tasks, UsersATask, duration < LongestWarmUp ? duration : LongestWarmUp, duration);
                rows.Add(ThroughputRow.From(order, durability, await WorkerProcess.RunAsync(order, count)));
                task.Increment(1);
            }
        }

        return rows;
    }

    private static async Task<(string? ConnectionString, string Durability)> StartAsync(string name)
    {
        if (name == InMemory)
        {
            return (string.Empty, "nothing survives the process");
        }

        var engine = Engines.Named(name);
        if (engine.WhyMissing() is { } reason)
        {
            AnsiConsole.WriteLine($"{name} is left out: {reason}");
            return (null, string.Empty);
        }

        var connectionString = await engine.ConnectAsync();
        await engine.OpenAsync(connectionString);
        return (connectionString, await Durability.AskAsync(name, connectionString));
    }
}
