using System.Diagnostics.CodeAnalysis;
using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Operations;

/// <summary>
/// Decides what a sign-in needs after the first factor, from the record and from the two facts of the application's own row. A missing
/// record never lets in a user who is enrolled, or who must have MFA.
/// </summary>
internal sealed class GetSignInRequirement(
    OperationContext context, MfaSubject subject, MfaPolicy policy, [NotNull] bool? isEnrolled)
    : Operation<SignInRequirement>(context, subject)
{
    private readonly MfaPolicy _policy = Guard.Defined(policy);

    private readonly bool _isEnrolled = isEnrolled
        ?? throw new ArgumentNullException(nameof(isEnrolled), "Read it from the application's own user row.");

    protected override async ValueTask<Decision<SignInRequirement>> ExecuteAsync(CancellationToken cancellationToken)
    {
        using var activity = MfaTelemetry.Activities.StartActivity("mfa.requirement");
        try
        {
            var record = await Context.Records.FindAsync(Subject, cancellationToken).ConfigureAwait(false);
            var row = await CorrectRowAsync(record).ConfigureAwait(false);
            return Decision.NoChange(Decide(record, _policy, row, Context.Now));
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            MfaTelemetry.Fail(activity, exception);
            return Decision.NoChange(SignInRequirement.Unavailable);
        }
    }

    /// <summary>Tells the application what its row should say, if an earlier notice failed or a record contradicts the row.</summary>
    /// <returns>What the row says now.</returns>
    private async ValueTask<bool> CorrectRowAsync(MfaRecord? record)
    {
        var isWrong = record is { IsEnabled: true } && !_isEnrolled;
        return record is not null && (isWrong || EnrolledNotice.IsOwed(record, Context.Now))
            ? await Context.Notice.TryTellAsync(record).ConfigureAwait(false) ?? _isEnrolled
            : _isEnrolled;
    }

    /// <summary>The table of docs/concepts/enrollment.md, without side effects.</summary>
    private static SignInRequirement Decide(MfaRecord? record, MfaPolicy policy, bool isEnrolled, DateTimeOffset now) => record switch
    {
        { IsEnabled: true } => SignInRequirement.Required,
        { Reset: { } terms } => AfterReset(terms, policy, isEnrolled, now),
        _ when isEnrolled => SignInRequirement.Unavailable,
        _ => policy == MfaPolicy.Required ? SignInRequirement.EnrollmentRequired : SignInRequirement.NotRequired,
    };

    private static SignInRequirement AfterReset(ResetTerms terms, MfaPolicy policy, bool isEnrolled, DateTimeOffset now)
    {
        if (terms.AllowsPasswordAlone && policy == MfaPolicy.Optional && !isEnrolled)
        {
            return SignInRequirement.NotRequired;
        }

        // If the clock was set back, the period must still not last longer than the longest one.
        var left = terms.EnrollUntil - now;
        return left > TimeSpan.Zero && left <= Reset.MaximumEnrollmentPeriod
            ? SignInRequirement.EnrollmentRequired
            : SignInRequirement.Unavailable;
    }
}
