using System.Diagnostics;
using Callroute.Mfa.Records;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Flows;

/// <summary>Verifies codes: one field takes a code of an app or a recovery code. Whatever fails makes it a refusal.</summary>
internal sealed class SignIn(SwapLoop loop, SecretVault vault, RecoverySignIn recovery, MfaOptions options, TimeProvider timeProvider)
{
    public async ValueTask<VerificationResult> VerifyAsync(MfaSubject subject, string? response, AttemptId attempt, CancellationToken cancellationToken)
    {
        using var activity = MfaTelemetry.Activities.StartActivity("mfa.verify");
        var started = timeProvider.GetTimestamp();
        var input = CodeInput.Read(response, options);
        var result = await VerifySafelyAsync(subject, response, input, attempt, activity, cancellationToken).ConfigureAwait(false);
        var outcome = result.Reason?.ToString() ?? "Accepted";
        activity?.SetTag("outcome", outcome);
        MfaTelemetry.CountVerification(input.Method?.ToString() ?? "None", outcome, timeProvider.GetElapsedTime(started));
        return result;
    }

    private async ValueTask<VerificationResult> VerifySafelyAsync(MfaSubject subject, string? response, CodeInput input, AttemptId attempt, Activity? activity, CancellationToken cancellationToken)
    {
        try
        {
            return input switch
            {
                { Digits: { } digits } => await VerifyTotpAsync(subject, response!, digits, attempt, cancellationToken).ConfigureAwait(false),
                { RecoveryCode: { } code } => await recovery.VerifyAsync(subject, code, attempt, cancellationToken).ConfigureAwait(false),
                _ => VerificationResult.Refused(RefusalReason.Malformed),
            };
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            MfaTelemetry.Fail(activity, exception);
            return VerificationResult.Refused(RefusalReason.Unavailable, cause: exception);
        }
    }

    private ValueTask<VerificationResult> VerifyTotpAsync(MfaSubject subject, string code, int digits, AttemptId attempt, CancellationToken cancellationToken) =>
        loop.RunAsync(
            subject,
            VerificationResult.Contended,
            async (record, now) =>
            {
                if (record is null)
                {
                    return Decision.Keep(VerificationResult.Refused(RefusalReason.NotEnrolled));
                }

                return Admission.Refuse(record, MfaMethod.Totp, attempt, options, now)
                    ?? await DecideAsync(record, code, digits, attempt, now, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken);

    private async ValueTask<Decision<VerificationResult>> DecideAsync(MfaRecord record, string code, int digits, AttemptId attempt, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var opened = await vault.OpenAsync(record.Subject, record.Authenticators.Where(a => a.Parameters.Digits == digits), cancellationToken).ConfigureAwait(false);
        try
        {
            if (opened.Count == 0)
            {
                // No authenticator of the subject makes codes of this length, so this is no guess.
                return Decision.Keep(VerificationResult.Refused(RefusalReason.Malformed));
            }

            var decision = VerifyTotp.Decide(record, opened, code, attempt, options, now);
            return decision.Outcome.Method is null ? decision : await FinishAsync(decision, opened, now, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            foreach (var authenticator in opened)
            {
                authenticator.Dispose();
            }
        }
    }

    // Whatever can fail is done before the write: an accepted code is never told without its receipt.
    private async ValueTask<Decision<VerificationResult>> FinishAsync(Decision<VerificationResult> decision, List<OpenedAuthenticator> opened, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var record = decision.Record!;
        var stepUp = new StepUp(MfaMethod.Totp, now, record.Epoch, decision.Outcome.AuthenticatorId);
        return decision with
        {
            Outcome = decision.Outcome.WithReceipt(await vault.MintAsync(record.Subject, stepUp, cancellationToken).ConfigureAwait(false)),
            Record = await vault.ReprotectAsync(record, opened, cancellationToken).ConfigureAwait(false),
        };
    }
}
