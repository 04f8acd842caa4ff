using System.Diagnostics;
using System.Text.Json;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.StoreProbe;

/// <summary>
/// Runs a flow for each of many users, holds each at its failpoint, and kills this process when all flows have reached their failpoints.
/// </summary>
/// <remarks>Before the end, it writes every answer that a flow got, as a host would send it.</remarks>
public sealed class Crasher(Place place, IMfaStore store, TextWriter reports)
{
    private readonly TaskCompletionSource _sendNow = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task RunAsync(IReadOnlyList<CrashOrder> orders)
    {
        var flows = orders.Select(order =>
        {
            var failpoint = new FailpointStore(store, order.Call, order.Moment, _sendNow.Task);
            return (failpoint.Reached, Answer: AnswerAsync(order, place.ServiceOn(failpoint)));
        }).ToArray();

        // Each flow has stopped at its failpoint, or has completed because it has no such call.
        await Task.WhenAll(flows.Select(flow => Task.WhenAny(flow.Reached, flow.Answer)));
        foreach (var faulted in flows.Where(flow => flow.Answer.IsFaulted))
        {
            await faulted.Answer;
        }

        await reports.WriteLineAsync("READY");
        await reports.FlushAsync();
        _sendNow.SetResult();
        SpinForAMoment();
        Process.GetCurrentProcess().Kill();
    }

    // Wait, so that the process dies while writes are at different places: before the engine, in it, and after it.
    private static void SpinForAMoment()
    {
        var end = Stopwatch.GetTimestamp() + Random.Shared.NextInt64(Stopwatch.Frequency / 200);
        while (Stopwatch.GetTimestamp() < end)
        {
            Thread.SpinWait(10);
        }
    }

    private async Task AnswerAsync(CrashOrder order, MfaService mfa)
    {
        var report = await RunFlowAsync(order, mfa);
        await reports.WriteLineAsync(JsonSerializer.Serialize(report));
    }

    private static async Task<CrashReport> RunFlowAsync(CrashOrder order, MfaService mfa)
    {
        var user = new MfaSubject(order.User);
        switch (order.Flow)
        {
            case CrashFlow.Totp or CrashFlow.Recovery:
                var result = await mfa.VerifyAsync(user, order.Text, Parsed.Attempt(order.Id));
                return new CrashReport(order.User, result.ToString(), result.Succeeded, result.ReplacementRecoveryCodes?.Reveal()[0]);
            case CrashFlow.Regenerate:
                return Report(order, await mfa.RegenerateRecoveryCodesAsync(user, Parsed.Receipt(order.Text)));
            case CrashFlow.Acknowledge:
                return Report(order, await mfa.AcknowledgeRecoveryCodesAsync(user, Guid.Parse(order.Id)));
            default:
                var enrolled = await mfa.ConfirmEnrollmentAsync(user, Guid.Parse(order.Id), order.Text);
                return new CrashReport(
                    order.User, $"{enrolled.Outcome}", enrolled.Outcome == MfaChangeOutcome.Succeeded, enrolled.RecoveryCodes?.Reveal()[0]);
        }
    }

    private static CrashReport Report(CrashOrder order, MfaChangeResult change) =>
        new(order.User, $"{change.Outcome}", change.Succeeded, change.RecoveryCodes?.Reveal()[0]);
}
