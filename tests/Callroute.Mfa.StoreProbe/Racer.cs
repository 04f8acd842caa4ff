using System.Diagnostics;
using System.Text.Json;

namespace Callroute.Mfa.StoreProbe;

/// <summary>Runs the order in each line of the input with many concurrent tasks, and writes their answers in one line.</summary>
public sealed class Racer(TextReader orders, TextWriter reports)
{
    private readonly Dictionary<Place, (MfaService Mfa, CountingStore Store)> _services = [];

    public async Task RunAsync()
    {
        while (await orders.ReadLineAsync() is { } line)
        {
            var report = await RaceAsync(JsonSerializer.Deserialize<RaceOrder>(line)!);
            await reports.WriteLineAsync(JsonSerializer.Serialize(report));
        }
    }

    private async Task<RaceReport> RaceAsync(RaceOrder order)
    {
        if (!_services.TryGetValue(order.Place, out var service))
        {
            var store = new CountingStore(await order.Place.OpenAsync());
            _services[order.Place] = service = (order.Place.ServiceOn(store), store);
        }

        var swapsBefore = service.Store.Swaps;

        using var barrier = new SemaphoreSlim(0);
        var tasks = Enumerable.Range(0, order.Tasks).Select(_ => Task.Run(async () =>
        {
            await barrier.WaitAsync();
            return await AnswerAsync(service.Mfa, order);
        })).ToArray();
        while (Stopwatch.GetTimestamp() < order.StartAt)
        {
            Thread.SpinWait(10);
        }

        barrier.Release(order.Tasks);
        var answers = await Task.WhenAll(tasks);
        return new RaceReport(
            answers.CountBy(answer => answer.Told).ToDictionary(),
            answers.Where(answer => answer.Issued is not null)
                .ToDictionary(answer => answer.Issued!.SetId, answer => answer.Issued!.Reveal()[0]),
            service.Store.Swaps > swapsBefore ? 1 : 0);
    }

    private static async Task<(string Told, Recovery.IssuedRecoveryCodes? Issued)> AnswerAsync(MfaService mfa, RaceOrder order)
    {
        var user = new MfaSubject(order.User);
        if (order.Work == RaceWork.Regenerate)
        {
            var change = await mfa.RegenerateRecoveryCodesAsync(user, Parsed.Receipt(order.Text));
            return ($"{change.Outcome}", change.RecoveryCodes);
        }

        var result = await mfa.VerifyAsync(user, order.Text, mfa.BeginAttempt());
        return (result.Succeeded ? "Accepted" : $"{result.Reason}", result.ReplacementRecoveryCodes);
    }
}
