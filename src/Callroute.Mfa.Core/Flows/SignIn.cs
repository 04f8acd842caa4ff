using Callroute.Mfa.Otp;
using Callroute.Mfa.Records;
using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Flows;

/// <summary>Verifies codes: one field takes a code of an app or a recovery code.</summary>
internal sealed class SignIn(SwapLoop loop, SecretVault vault, RecoverySignIn recovery, MfaOptions options)
{
    private const int LeastDigits = 6;

    private static readonly VerificationResult Unavailable = VerificationResult.Refused(RefusalReason.Unavailable);

    /// <summary>Tells which kind of code the input can be; the two forms exclude each other.</summary>
    public static MfaMethod? Classify(string? response, MfaOptions options)
    {
        Span<char> digits = stackalloc char[HmacOtp.MaximumDigits];
        if (OtpCode.Canonicalize(response, digits) is { } length)
        {
            return length >= LeastDigits || options.AllowShortCodes ? MfaMethod.Totp : null;
        }

        return RecoveryCode.TryParse(response, out _) ? MfaMethod.RecoveryCode : null;
    }

    public ValueTask<VerificationResult> VerifyAsync(MfaSubject subject, string? response, AttemptId attempt, CancellationToken cancellationToken) =>
        Classify(response, options) switch
        {
            MfaMethod.Totp => VerifyTotpAsync(subject, response!, attempt, cancellationToken),
            MfaMethod.RecoveryCode => recovery.VerifyAsync(subject, response!, attempt, cancellationToken),
            _ => new(VerificationResult.Refused(RefusalReason.Malformed)),
        };

    private ValueTask<VerificationResult> VerifyTotpAsync(MfaSubject subject, string code, AttemptId attempt, CancellationToken cancellationToken) =>
        loop.RunAsync(
            subject,
            Unavailable,
            async (record, now) =>
            {
                if (record is null)
                {
                    return Decision.Keep(VerificationResult.Refused(RefusalReason.NotEnrolled));
                }

                return Admission.Refuse(record, MfaMethod.Totp, attempt, options, now)
                    ?? await DecideAsync(record, code, attempt, now, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken);

    private async ValueTask<Decision<VerificationResult>> DecideAsync(MfaRecord record, string code, AttemptId attempt, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var length = LengthOf(code);
        var opened = await vault.OpenAsync(record.Subject, record.Authenticators.Where(a => a.Parameters.Digits == length), cancellationToken).ConfigureAwait(false);
        try
        {
            if (opened.Count == 0)
            {
                // No authenticator of the subject makes codes of this length, so this is no guess.
                return Decision.Keep(VerificationResult.Refused(RefusalReason.Malformed));
            }

            var decision = VerifyTotp.Decide(record, opened, code, attempt, options, now);
            return decision.Outcome.Method is null ? decision : await FinishAsync(decision, now, cancellationToken).ConfigureAwait(false);
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
    private async ValueTask<Decision<VerificationResult>> FinishAsync(Decision<VerificationResult> decision, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var record = decision.Record!;
        var receipt = await vault.MintAsync(record.Subject, new StepUp(MfaMethod.Totp, now, record.Epoch), cancellationToken).ConfigureAwait(false);
        return decision with
        {
            Outcome = decision.Outcome.WithReceipt(receipt),
            Record = await vault.ReprotectAsync(record, cancellationToken).ConfigureAwait(false),
        };
    }

    private static int? LengthOf(string code)
    {
        Span<char> digits = stackalloc char[HmacOtp.MaximumDigits];
        return OtpCode.Canonicalize(code, digits);
    }
}
