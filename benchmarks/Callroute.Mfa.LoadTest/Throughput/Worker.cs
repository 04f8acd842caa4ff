using System.Diagnostics;
using System.Text.Json;
using Callroute.Mfa.Storage;
using Callroute.Mfa.TestServers;
using HdrHistogram;

namespace Callroute.Mfa.LoadTest.Throughput;

/// <summary>A client process with several tasks. Each task signs in its own users, one after the other without pauses.</summary>
internal sealed class Worker
{
    public const string Verb = "worker";

    private readonly People _people;
    private readonly MfaService _mfa;
    private readonly LongHistogram _latencies = Latencies.New();
    private long _refused;

    private Worker(People people, IMfaStore store) => (_people, _mfa) = (people, people.ServiceOn(store));

    /// <summary>Enrols users, warms up, reports that it is ready, waits for the start, measures, and reports.</summary>
    public static async Task RunAsync(TextReader orders, TextWriter reports)
    {
        var order = JsonSerializer.Deserialize<WorkOrder>((await orders.ReadLineAsync())!)!;
        var store = await OpenAsync(order);
        var workers = await Task.WhenAll(
            Enumerable.Range(0, order.Tasks).Select(
                _ => Task.Run(async () => new Worker(await People.EnrollAsync(store, order.Users), store))));
        await SignInAsync(workers, order.WarmUp);
        await reports.WriteLineAsync("READY");
        await orders.ReadLineAsync();
        await reports.WriteLineAsync(JsonSerializer.Serialize(await MeasureAsync(workers, order.Duration)));
    }

    private static async Task<IMfaStore> OpenAsync(WorkOrder order) =>
        order.Engine == ThroughputMode.InMemory
            ? new InMemoryMfaStore()
            : await Engines.Named(order.Engine).OpenAsync(order.ConnectionString);

    private static async Task<WorkReport> MeasureAsync(Worker[] workers, TimeSpan duration)
    {
        foreach (var worker in workers)
        {
            worker._latencies.Reset();
            worker._refused = 0;
        }

        var started = Stopwatch.GetTimestamp();
        await SignInAsync(workers, duration);
        var elapsed = Stopwatch.GetElapsedTime(started);
        var all = Latencies.New();
        Array.ForEach(workers, worker => all.Add(worker._latencies));
        return new WorkReport(workers.Sum(worker => worker._refused), elapsed.TotalSeconds, Latencies.Counts(all));
    }

    private static Task SignInAsync(Worker[] workers, TimeSpan duration)
    {
        var end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        return Task.WhenAll(workers.Select(worker => Task.Run(() => worker.SignInUntilAsync(end))));
    }

    private async Task SignInUntilAsync(long end)
    {
        while (Stopwatch.GetTimestamp() < end)
        {
            var signIn = _people.Next(_mfa, int.MaxValue);
            var started = Stopwatch.GetTimestamp();
            var result = await signIn.VerifyAsync();
            if (result.Succeeded)
            {
                _latencies.RecordValue((long)Stopwatch.GetElapsedTime(started).TotalMicroseconds);
            }
            else
            {
                _refused++;
            }
        }
    }
}
