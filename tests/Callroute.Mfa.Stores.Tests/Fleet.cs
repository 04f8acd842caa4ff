using System.Diagnostics;
using System.Text.Json;
using Callroute.Mfa.StoreProbe;

namespace Callroute.Mfa.Stores.Tests;

/// <summary>The processes that race, on one engine after the other.</summary>
public sealed class Fleet : IDisposable
{
    private static readonly long LeadTime = Stopwatch.Frequency / 200;

    private readonly ProbeProcess[] _processes = [.. Enumerable.Range(0, ProofSize.Processes).Select(_ => ProbeProcess.Start("race"))];
    private Place? _warm;

    /// <summary>Lets every process make the same call at the same time, and adds up the answers.</summary>
    public async Task<RaceReport> RaceAsync(Place place, RaceWork work, EnrolledUser member, string text, int tasks)
    {
        if (_warm != place)
        {
            // Opening a store takes time, and the time differs between processes.
            _warm = place;
            await SendAsync(new RaceOrder(place, RaceWork.Verify, "nobody", "123456", Tasks: 1, StartAt: 0));
        }

        return await SendAsync(new RaceOrder(place, work, member.User.UserId, text, tasks, Stopwatch.GetTimestamp() + LeadTime));
    }

    private async Task<RaceReport> SendAsync(RaceOrder raceOrder)
    {
        var order = JsonSerializer.Serialize(raceOrder);
        await Task.WhenAll(_processes.Select(process => process.WriteLineAsync(order)));
        var lines = await Task.WhenAll(_processes.Select(process => process.ReadLineAsync()));
        var reports = lines.Select(line => JsonSerializer.Deserialize<RaceReport>(line)!).ToArray();
        return new RaceReport(
            reports.SelectMany(report => report.Answers).GroupBy(answer => answer.Key)
                .ToDictionary(group => group.Key, group => group.Sum(answer => answer.Value)),
            reports.SelectMany(report => report.Issued).ToDictionary(),
            reports.Sum(report => report.Contenders));
    }

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Dispose();
        }
    }
}
