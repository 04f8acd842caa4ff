using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Execution;

/// <summary>A use case that changes what a subject's MFA consists of: it has a trace span and is counted by its outcome.</summary>
/// <param name="name">The operation's name in metrics and traces, such as <c>disable</c>.</param>
/// <param name="context">What every operation needs.</param>
/// <param name="subject">Whose record it changes.</param>
internal abstract class ChangeOperation<TResult>(string name, OperationContext context, MfaSubject subject)
    : Operation<TResult>(context, subject)
    where TResult : IChangeResult
{
    public override async ValueTask<TResult> RunAsync(CancellationToken cancellationToken)
    {
        using var activity = MfaTelemetry.Activities.StartActivity($"mfa.{name}");
        var result = await base.RunAsync(cancellationToken).ConfigureAwait(false);
        var outcome = result.Outcome.ToString();
        activity?.SetTag("outcome", outcome);
        MfaTelemetry.CountChange(name, outcome);
        return result;
    }
}
