using Callroute.Mfa.Execution;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Operations;

/// <summary>Deletes the subject's record with its throttle and its history.</summary>
internal sealed class Erase(OperationContext context, MfaSubject subject) : ChangeOperation<MfaChangeResult>("erase", context, subject)
{
    protected override async ValueTask<Decision<MfaChangeResult>> ExecuteAsync(CancellationToken cancellationToken) =>
        await Context.Records.DeleteAsync(Subject, cancellationToken).ConfigureAwait(false) switch
        {
            true => Decision.NoChange(
                new MfaChangeResult(MfaChangeOutcome.Succeeded), new MfaEvent { At = Context.Now, Kind = MfaEventKind.Erased }),
            false => Decision.NoChange(new MfaChangeResult(MfaChangeOutcome.NotEnrolled)),
            null => Decision.NoChange(new MfaChangeResult(MfaChangeOutcome.Unavailable)),
        };
}
