using Callroute.Mfa.Execution;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Operations;

/// <summary>Deletes the subject's record with its throttle and its history.</summary>
internal sealed class Erase(OperationContext context, MfaSubject subject) : ChangeOperation<MfaChangeResult>("erase", context, subject)
{
    protected override bool IsUrgent => true;

    protected override async ValueTask<Decision<MfaChangeResult>> ExecuteAsync(CancellationToken cancellationToken) =>
        await Context.Records.DeleteAsync(Subject, TellAsync, cancellationToken).ConfigureAwait(false) switch
        {
            true => Decision.NoChange(
                new MfaChangeResult(MfaChangeOutcome.Succeeded), new MfaEvent { At = Context.Now, Kind = MfaEventKind.Erased }),
            false => Decision.NoChange(new MfaChangeResult(MfaChangeOutcome.NotEnrolled)),
            null => Decision.NoChange(new MfaChangeResult(MfaChangeOutcome.Unavailable)),
        };

    // Before the deletion, because no record is left that could tell the application later. If the deletion fails, the next sign-in finds
    // the record and corrects the row. Without a record, do not call it: a lost record must not let the user in by the password alone.
    private ValueTask TellAsync() => Options.OnEnrolledChanged?.Invoke(Subject, false) ?? ValueTask.CompletedTask;
}
