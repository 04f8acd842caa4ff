using Callroute.Mfa.Execution;

namespace Callroute.Mfa.Operations;

/// <summary>
/// Tells whether a confirmation can be repeated. It never writes, so that whoever has only an old session cannot cause writes with ids that
/// were made up. A late replica may say no: "no" only means that the user must sign in.
/// </summary>
internal sealed class IsConfirmed(OperationContext context, MfaSubject subject, Guid enrollmentId) : Operation<bool>(context, subject)
{
    protected override async ValueTask<Decision<bool>> ExecuteAsync(CancellationToken cancellationToken)
    {
        var record = await Context.Records.FindAsync(Subject, cancellationToken).ConfigureAwait(false);
        return Decision.NoChange(record?.RepeatableAnswer?.IsOfEnrollment(enrollmentId, Context.Now) == true);
    }
}
