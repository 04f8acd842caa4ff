using Callroute.Mfa.Execution;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Operations;

/// <summary>
/// Verifies the text that the user typed: a code of an app (<see cref="VerifyTotp"/>) or a recovery code
/// (<see cref="VerifyRecoveryCode"/>). Any failure during the check is a refusal.
/// </summary>
/// <param name="context">The parts that every operation uses.</param>
/// <param name="subject">The user.</param>
/// <param name="response">The text.</param>
/// <param name="attempt">The circumstances.</param>
/// <param name="import">Makes the operation that imports and verifies a code of an app; null to verify only.</param>
internal sealed class VerifyCode(
    OperationContext context,
    MfaSubject subject,
    string? response,
    CodeAttempt attempt,
    Func<VerifyTotp, Operation<VerificationResult>>? import = null)
{
    private readonly MfaSubject _subject = Guard.Subject(subject);

    /// <summary>Verifies for a caller, who waits no longer than <see cref="MfaOptions.CallTimeout"/>.</summary>
    public ValueTask<VerificationResult> CallAsync(CancellationToken cancellationToken) => context.Bound.WaitAsync(
        _subject,
        RunAsync,
        exception => VerificationResult.Refused(RefusalReason.Unavailable, cause: exception),
        isUrgent: false,
        cancellationToken);

    public async ValueTask<VerificationResult> RunAsync(CancellationToken cancellationToken)
    {
        using var span = MfaSpan.Start("mfa.verify");
        var started = context.Clock.GetTimestamp();
        var input = CodeInput.Read(response, context.Options);
        var result = await VerifySafelyAsync(input, span, cancellationToken).ConfigureAwait(false);
        var outcome = result.Reason?.ToString() ?? nameof(result.Succeeded);
        span.SetOutcome(outcome);
        var method = result.Reason == RefusalReason.Malformed && input.Digits is null ? null : input.Method;
        MfaTelemetry.CountVerification(method?.ToString() ?? "None", outcome, context.Clock.GetElapsedTime(started));
        return result;
    }

    private async ValueTask<VerificationResult> VerifySafelyAsync(CodeInput input, MfaSpan span, CancellationToken cancellationToken)
    {
        try
        {
            return await VerifyAsync(input, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            span.Fail(exception);
            return VerificationResult.Refused(RefusalReason.Unavailable, cause: exception);
        }
    }

    private async ValueTask<VerificationResult> VerifyAsync(CodeInput input, CancellationToken cancellationToken)
    {
        if (input.Method is null)
        {
            return VerificationResult.Refused(RefusalReason.Malformed);
        }

        Operation<VerificationResult> operation = input.RecoveryCode is { } code
            ? new VerifyRecoveryCode(context, _subject, code, attempt)
            : VerifyTotp(response!, input.Digits!.Value);
        return await operation.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    private Operation<VerificationResult> VerifyTotp(string code, int digits)
    {
        var verify = new VerifyTotp(context, _subject, code, digits, attempt);
        return import is null ? verify : import(verify);
    }
}
