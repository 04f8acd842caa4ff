using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Operations;

/// <summary>
/// Decides whether a sign-in needs MFA after the first factor. If a user must have MFA, a missing record never lets them in.
/// </summary>
internal sealed class GetSignInRequirement(OperationContext context, MfaSubject subject, bool requiredByHost)
    : Operation<SignInRequirement>(context, subject)
{
    protected override async ValueTask<Decision<SignInRequirement>> ExecuteAsync(CancellationToken cancellationToken)
    {
        using var activity = MfaTelemetry.Activities.StartActivity("mfa.requirement");
        try
        {
            var record = await Context.Records.FindAsync(Subject, cancellationToken).ConfigureAwait(false);
            return Decision.NoChange(Decide(record, requiredByHost));
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            MfaTelemetry.Fail(activity, exception);
            return Decision.NoChange(SignInRequirement.Unavailable);
        }
    }

    /// <summary>Decides on the current record, without side effects.</summary>
    private static SignInRequirement Decide(MfaRecord? record, bool requiredByHost) => record switch
    {
        { IsEnabled: true } => SignInRequirement.Required,
        { DisabledAt: not null } when requiredByHost => SignInRequirement.EnrollmentRequired,
        _ => requiredByHost ? SignInRequirement.Unavailable : SignInRequirement.NotRequired,
    };
}
