using Callroute.Mfa.Execution;

namespace Callroute.Mfa.Operations;

/// <summary>
/// Tells whether a confirmation can be repeated. It never writes: a caller who has not passed MFA may send any id. If a late replica makes
/// the answer "no", the user only has to sign in.
/// </summary>
internal sealed class IsConfirmed(OperationContext context, MfaSubject subject, Guid enrollmentId) : Operation<bool>(context, subject)
{
    protected override async ValueTask<Decision<bool>> ExecuteAsync(CancellationToken cancellationToken)
    {
        var record = await Context.Records.FindAsync(Subject, cancellationToken).ConfigureAwait(false);
        return Decision.NoChange(record?.RepeatableAnswer?.IsOfEnrollment(enrollmentId, Context.Now) == true);
    }
}
