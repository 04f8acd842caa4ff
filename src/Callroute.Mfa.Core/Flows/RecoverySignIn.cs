using Callroute.Mfa.Records;
using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Flows;

/// <summary>Verifies recovery codes: permit, charge, hash, settle.</summary>
internal sealed class RecoverySignIn(SwapLoop loop, SecretVault vault, RecoveryCodeIssuer issuer, IRecoveryCodeHasher hasher, MfaOptions options)
{
    private static readonly VerificationResult Unavailable = VerificationResult.Refused(RefusalReason.Unavailable);

    public async ValueTask<VerificationResult> VerifyAsync(MfaSubject subject, string response, AttemptId attempt, CancellationToken cancellationToken)
    {
        if (!RecoveryCode.TryParse(response, out var code))
        {
            return VerificationResult.Refused(RefusalReason.Malformed);
        }

        var use = new RecoveryUse(subject, code.ToCanonicalBytes(), attempt);
        if (await AnswerWithoutHashAsync(use, cancellationToken).ConfigureAwait(false) is { } answer)
        {
            return answer;
        }

        using var permit = await hasher.TryEnterAsync(cancellationToken).ConfigureAwait(false);
        return permit is null
            ? VerificationResult.Refused(RefusalReason.Busy)
            : await VerifyAsync(use, permit, cancellationToken).ConfigureAwait(false);
    }

    // Everything that the record alone answers takes no permit.
    private ValueTask<VerificationResult?> AnswerWithoutHashAsync(RecoveryUse use, CancellationToken cancellationToken) =>
        loop.RunAsync<VerificationResult?>(
            use.Subject,
            Unavailable,
            async (record, now) =>
            {
                var answer = await AnswerAsync(record, use, now, cancellationToken).ConfigureAwait(false);
                return new(answer?.Outcome, answer?.Record, answer?.Events ?? []);
            },
            cancellationToken);

    private async ValueTask<VerificationResult> VerifyAsync(RecoveryUse use, IRecoveryHashPermit permit, CancellationToken cancellationToken)
    {
        var (charge, input, refusal) = await ChargeAsync(use, cancellationToken).ConfigureAwait(false);
        if (charge is null)
        {
            return refusal ?? Unavailable;
        }

        var tag = await permit.HashAsync(input!, charge.Setting.Salt, charge.Setting.Parameters).ConfigureAwait(false);
        var result = await SettleAsync(use, charge, tag, permit).ConfigureAwait(false);
        if (!result.IsAccepted)
        {
            await loop.RaiseAsync(use.Subject, charge.Events).ConfigureAwait(false);
        }

        return result;
    }

    private ValueTask<(RecoveryCharge? Charge, byte[]? Input, VerificationResult? Refusal)> ChargeAsync(RecoveryUse use, CancellationToken cancellationToken) =>
        loop.RunAsync<(RecoveryCharge? Charge, byte[]? Input, VerificationResult? Refusal)>(
            use.Subject,
            default,
            async (record, now) =>
            {
                if (await AnswerAsync(record, use, now, cancellationToken).ConfigureAwait(false) is { } answer)
                {
                    return new((null, null, answer.Outcome), answer.Record, answer.Events);
                }

                // Before the charge: where the pepper is missing, nothing is checked and nobody is charged.
                var input = issuer.Pepper(use.CanonicalCode, record!.RecoveryCodes!.PepperKeyId);
                var decision = VerifyRecoveryCode.Charge(record, options, now);
                return new((decision.Outcome, input, null), decision.Record, decision.Events);
            },
            cancellationToken);

    // Not cancellable: the attempt is charged, so its owner gets what the code is worth.
    private ValueTask<VerificationResult> SettleAsync(RecoveryUse use, RecoveryCharge charge, byte[] tag, IRecoveryHashPermit permit)
    {
        PreparedRecoveryCodes? replacement = null;
        return loop.RunAsync(
            use.Subject,
            Unavailable,
            async (record, now) =>
            {
                if (record is null || VerifyRecoveryCode.Find(record, charge, tag) is not { } match)
                {
                    // Somebody may have used the code first: the same attempt, sent twice, gets the same answer.
                    return Decision.Keep(await RedeliverAsync(record, use, now, CancellationToken.None).ConfigureAwait(false) ?? Miss(record, now));
                }

                if (record.IsSpent(use.Attempt))
                {
                    return Decision.Keep(VerificationResult.Refused(RefusalReason.AttemptSpent));
                }

                replacement = options.Recovery.RegenerateOnUse ? replacement ?? await issuer.PrepareAsync(permit, now).ConfigureAwait(false) : null;
                var redelivery = Redelivery.Seal(use, replacement?.Set.Generation ?? charge.Generation, replacement?.Codes ?? [], now);
                var decision = VerifyRecoveryCode.Settle(record, match, new RecoverySettlement(use.Attempt, replacement, redelivery, charge.Events), options, now);
                return decision with { Outcome = decision.Outcome.WithReceipt(await MintAsync(record, now, CancellationToken.None).ConfigureAwait(false)) };
            },
            CancellationToken.None);
    }

    // A repeated answer first: it is tried before throttle, suspension and the spent attempt.
    private async ValueTask<Decision<VerificationResult>?> AnswerAsync(MfaRecord? record, RecoveryUse use, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (record is null)
        {
            return Decision.Keep(VerificationResult.Refused(RefusalReason.NotEnrolled));
        }

        return await RedeliverAsync(record, use, now, cancellationToken).ConfigureAwait(false) is { } again
            ? Decision.Keep(again)
            : Admission.Refuse(record, MfaMethod.RecoveryCode, use.Attempt, options, now);
    }

    private async ValueTask<VerificationResult?> RedeliverAsync(MfaRecord? record, RecoveryUse use, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (record?.Redelivery is not { } redelivery || redelivery.TryOpen(use, now) is not { } issued)
        {
            return null;
        }

        var receipt = await MintAsync(record, redelivery.UsedAt, cancellationToken).ConfigureAwait(false);
        return VerificationResult.Accepted(MfaMethod.RecoveryCode, issued.Codes.Count > 0 ? issued : null).WithReceipt(receipt);
    }

    private VerificationResult Miss(MfaRecord? record, DateTimeOffset now) =>
        VerificationResult.Refused(RefusalReason.WrongCode, record?.RecoveryThrottle.WaitAt(options.RecoveryThrottle, now));

    private ValueTask<MfaReceipt> MintAsync(MfaRecord record, DateTimeOffset verifiedAt, CancellationToken cancellationToken) =>
        vault.MintAsync(record.Subject, new StepUp(MfaMethod.RecoveryCode, verifiedAt, record.Epoch), cancellationToken);
}
