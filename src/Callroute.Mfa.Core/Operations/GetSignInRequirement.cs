using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Operations;

/// <summary>
/// Decides what a sign-in needs after the first factor, from the record and from the two facts of the application's own row. A missing
/// record never lets in a user who is enrolled, or who must have MFA.
/// </summary>
internal sealed class GetSignInRequirement(
    OperationContext context, MfaSubject subject, MfaPolicy policy, bool? isEnrolled)
    : Operation<SignInRequirement>(context, subject)
{
    private readonly MfaPolicy _policy = Guard.Defined(policy);

    private readonly bool _isEnrolled = isEnrolled
        ?? throw new ArgumentNullException(nameof(isEnrolled), "Read it from the application's own user row.");

    protected override async ValueTask<Decision<SignInRequirement>> ExecuteAsync(CancellationToken cancellationToken)
    {
        if (Options.OnEnrolledChanged is null)
        {
            throw new InvalidOperationException(
                $"{nameof(MfaOptions)}.{nameof(MfaOptions.OnEnrolledChanged)} is not set, so the row cannot say who is enrolled. "
                + "Set it to write the application's own user row.");
        }

        using var span = MfaSpan.Start("mfa.requirement");
        try
        {
            var record = await Context.Records.FindAsync(Subject, cancellationToken).ConfigureAwait(false);
            if (record is null || !IsRowWrong(record))
            {
                return Decision.NoChange(Decide(record, _policy, _isEnrolled, Context.Now));
            }

            var told = await Context.Notice.TryTellAsync(record).ConfigureAwait(false);

            // If the record is gone now, refuse: a lost record must not let the user in.
            record = await Context.Records.FindAsync(Subject, cancellationToken).ConfigureAwait(false);
            return Decision.NoChange(record is null
                ? SignInRequirement.Unavailable
                : Decide(record, _policy, told ?? _isEnrolled, Context.Now));
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            span.Fail(exception);
            return Decision.NoChange(SignInRequirement.Unavailable);
        }
    }

    protected override SignInRequirement RefuseLate(TimeoutException exception) => SignInRequirement.Unavailable;

    /// <summary>Whether an earlier notice failed, or the record contradicts the row.</summary>
    private bool IsRowWrong(MfaRecord record) => (record.IsEnabled && !_isEnrolled) || EnrolledNotice.IsOwed(record, Context.Now);

    /// <summary>The table of docs/concepts/enrollment.md, without side effects.</summary>
    private static SignInRequirement Decide(MfaRecord? record, MfaPolicy policy, bool isEnrolled, DateTimeOffset now) => record switch
    {
        { IsEnabled: true } => SignInRequirement.Required,
        { ResetTerms.AllowsPasswordAlone: true } when policy == MfaPolicy.Optional && !isEnrolled => SignInRequirement.NotRequired,
        { ResetTerms: { } terms } => terms.IsOpen(now) ? SignInRequirement.EnrollmentRequired : SignInRequirement.Unavailable,
        _ when isEnrolled => SignInRequirement.Unavailable,
        _ => policy == MfaPolicy.Required ? SignInRequirement.EnrollmentRequired : SignInRequirement.NotRequired,
    };
}
