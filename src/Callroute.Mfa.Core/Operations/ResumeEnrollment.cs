using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;

namespace Callroute.Mfa.Operations;

/// <summary>Returns the offer of an unfinished enrolment again.</summary>
internal sealed class ResumeEnrollment(OperationContext context, MfaSubject subject, Guid enrollmentId, string accountName, string? issuer)
    : Operation<EnrollmentOffer>(context, subject)
{
    private readonly AppLabel _label = new(accountName, issuer, context.Options);

    protected override ValueTask<Decision<EnrollmentOffer>> ExecuteAsync(CancellationToken cancellationToken) => Context.Records.RunAsync(
        Subject, outcome => new EnrollmentOffer(outcome), DecideAsync, cancellationToken);

    private async ValueTask<Decision<EnrollmentOffer>> DecideAsync(
        MfaRecord? record, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (pending, refusal) = PendingEnrollment.Find(record, enrollmentId, now);
        if (pending is null)
        {
            return Decision.Refuse(record, refusal, outcome => new EnrollmentOffer(outcome));
        }

        using var secret = await Context.Secrets.OpenAsync(Subject, pending, cancellationToken).ConfigureAwait(false);
        return Decision.NoChange(BeginEnrollment.Offer(pending, _label, secret, verification: null));
    }
}
