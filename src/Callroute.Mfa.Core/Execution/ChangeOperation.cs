using Callroute.Mfa.Records;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Execution;

/// <summary>An operation that changes a subject's MFA. It has a trace span and is counted by its outcome.</summary>
/// <param name="name">The operation's name in metrics and traces, such as <c>disable</c>.</param>
/// <param name="context">The parts that every operation uses.</param>
/// <param name="subject">The subject whose record it changes.</param>
internal abstract class ChangeOperation<TResult>(string name, OperationContext context, MfaSubject subject)
    : Operation<TResult>(context, subject)
    where TResult : IChangeResult<TResult>
{
    public override async ValueTask<TResult> RunAsync(CancellationToken cancellationToken)
    {
        using var span = MfaSpan.Start($"mfa.{name}");
        var result = await base.RunAsync(cancellationToken).ConfigureAwait(false);
        var outcome = result.Outcome.ToString();
        span.SetOutcome(outcome);
        MfaTelemetry.CountChange(name, outcome);
        return result;
    }

    protected override TResult RefuseLate(TimeoutException exception) => TResult.Of(MfaChangeOutcome.Unavailable);

    /// <summary>Tells the application whether the subject is enrolled, if that changed or an earlier notice failed.</summary>
    protected override ValueTask AfterEventsAsync(MfaRecord? saved) => Context.Notice.TellIfOwedAsync(saved, Context.Now);
}
