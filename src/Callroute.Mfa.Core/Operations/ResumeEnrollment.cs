using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;

namespace Callroute.Mfa.Operations;

/// <summary>Returns the offer of an unfinished enrolment again. Writes nothing.</summary>
internal sealed class ResumeEnrollment(OperationContext context, MfaSubject subject, Guid enrollmentId, string accountName)
    : Operation<EnrollmentOffer>(context, subject)
{
    private readonly string _account = BeginEnrollment.CleanAccount(accountName);

    protected override async ValueTask<Decision<EnrollmentOffer>> ExecuteAsync(CancellationToken cancellationToken)
    {
        var record = await Context.Records.FindAsync(Subject, cancellationToken).ConfigureAwait(false);
        var (pending, refusal) = PendingEnrollment.Find(record, enrollmentId, Context.Now);
        if (pending is null)
        {
            return Decision.NoChange(new EnrollmentOffer(refusal));
        }

        using var secret = await Context.Secrets.OpenAsync(Subject, pending, cancellationToken).ConfigureAwait(false);
        return Decision.NoChange(BeginEnrollment.Offer(pending, _account, secret, Options.Issuer, verification: null));
    }
}
