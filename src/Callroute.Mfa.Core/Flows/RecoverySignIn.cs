using System.Security.Cryptography;
using Callroute.Mfa.Records;
using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Flows;

/// <summary>Verifies recovery codes: permit, charge, hash, settle.</summary>
internal sealed class RecoverySignIn(SwapLoop loop, SecretVault vault, RecoveryCodeIssuer issuer, MfaOptions options)
{
    public async ValueTask<VerificationResult> VerifyAsync(MfaSubject subject, RecoveryCode code, AttemptId attempt, CancellationToken cancellationToken)
    {
        var use = new RecoveryUse(subject, code.ToCanonicalBytes(), attempt);
        try
        {
            return await AnswerWithoutHashAsync(use, cancellationToken).ConfigureAwait(false)
                ?? await loop.TellAsync(subject, await VerifyUnderPermitAsync(use, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(use.CanonicalCode);
        }
    }

    // Everything that the record alone answers takes no permit.
    private ValueTask<VerificationResult?> AnswerWithoutHashAsync(RecoveryUse use, CancellationToken cancellationToken) =>
        loop.RunAsync<VerificationResult?>(
            use.Subject,
            VerificationResult.Contended,
            async (record, now) =>
            {
                var answer = await AnswerAsync(record, use, now, cancellationToken).ConfigureAwait(false);
                return new(answer?.Outcome, answer?.Record, answer?.Events ?? []);
            },
            cancellationToken);

    // The permit ends before anybody is told: an event handler that is slow must not hold it.
    private async ValueTask<Decision<VerificationResult>> VerifyUnderPermitAsync(RecoveryUse use, CancellationToken cancellationToken)
    {
        using var permit = await issuer.TryEnterAsync(cancellationToken).ConfigureAwait(false);
        if (permit is null)
        {
            return Decision.Keep(VerificationResult.Refused(RefusalReason.Busy));
        }

        var charged = await ChargeAsync(use, cancellationToken).ConfigureAwait(false);
        if (charged.Outcome.Charge is not { } charge)
        {
            return new(charged.Outcome.Refusal, charged.Record, charged.Events);
        }

        try
        {
            var tag = await HashAsync(use, charge, permit).ConfigureAwait(false);
            var settled = await SettleAsync(use, charge, tag, permit).ConfigureAwait(false);
            var isLost = ReferenceEquals(settled.Outcome, VerificationResult.Contended);
            return isLost ? settled with { Events = charge.Events } : settled;
        }
        catch (OperationCanceledException exception)
        {
            // The charge is written, so this is no cancellation before a write: some part gave up by itself.
            throw new TimeoutException("The attempt was charged and could not be finished.", exception);
        }
    }

    private ValueTask<Decision<(RecoveryCharge? Charge, VerificationResult Refusal)>> ChargeAsync(RecoveryUse use, CancellationToken cancellationToken) =>
        loop.DecideAsync<(RecoveryCharge? Charge, VerificationResult Refusal)>(
            use.Subject,
            (null, VerificationResult.Contended),
            async (record, now) =>
            {
                if (await AnswerAsync(record, use, now, cancellationToken).ConfigureAwait(false) is { } answer)
                {
                    return new((null, answer.Outcome), answer.Record, answer.Events);
                }

                // Before the charge: where the pepper is missing, nothing is checked and nobody is charged.
                var input = issuer.Pepper(use.CanonicalCode, record!.RecoveryCodes!.PepperKeyId);
                var decision = VerifyRecoveryCode.Charge(record, input, options, now);
                return new((decision.Outcome, VerificationResult.Contended), decision.Record, decision.Events);
            },
            cancellationToken);

    // A hash that fails is the server's failure, so its owner gets the charge back.
    private async ValueTask<byte[]> HashAsync(RecoveryUse use, RecoveryCharge charge, RecoveryHashPermit permit)
    {
        try
        {
            return await permit.HashAsync(charge.Input, charge.Settings).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            await GiveBackAsync(use, charge, exception).ConfigureAwait(false);
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(charge.Input);
        }
    }

    private async ValueTask GiveBackAsync(RecoveryUse use, RecoveryCharge charge, Exception cause)
    {
        try
        {
            await loop.DecideAsync(
                use.Subject,
                VerificationResult.Contended,
                (record, _) => new(TakeBack(VerificationResult.Contended, record, charge)),
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            throw new AggregateException(cause, exception);
        }
    }

    // Not cancellable: the attempt is charged, so its owner gets what the code is worth.
    private ValueTask<Decision<VerificationResult>> SettleAsync(RecoveryUse use, RecoveryCharge charge, byte[] tag, RecoveryHashPermit permit)
    {
        var preparation = new SettlementPreparation(issuer, permit, options.Recovery.RegenerateOnUse);
        return loop.DecideAsync(
            use.Subject,
            VerificationResult.Contended,
            async (record, now) =>
            {
                if (record is null || VerifyRecoveryCode.Find(record, charge, tag) is not { } match)
                {
                    return await RefuseAsync(record, use, charge, now).ConfigureAwait(false);
                }

                if (record.IsSpent(use.Attempt))
                {
                    return TakeBack(VerificationResult.Refused(RefusalReason.AttemptSpent), record, charge);
                }

                return await AcceptAsync(record, match, use, charge, preparation, now).ConfigureAwait(false);
            },
            CancellationToken.None);
    }

    private async ValueTask<Decision<VerificationResult>> AcceptAsync(MfaRecord record, RecoveryMatch match, RecoveryUse use, RecoveryCharge charge, SettlementPreparation preparation, DateTimeOffset now)
    {
        try
        {
            var settlement = await preparation.PrepareAsync(use, charge, now).ConfigureAwait(false);
            var decision = VerifyRecoveryCode.Settle(record, match, settlement, options, now);
            return decision with { Outcome = decision.Outcome.WithReceipt(await MintAsync(record, now, CancellationToken.None).ConfigureAwait(false)) };
        }
#pragma warning disable CA1031 // Told as the cause of the refusal, once the charge is taken back.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            // Before the write: the server's failure is not charged to the owner.
            return TakeBack(VerificationResult.Refused(RefusalReason.Unavailable, cause: exception), record, charge);
        }
    }

    private async ValueTask<Decision<VerificationResult>> RefuseAsync(MfaRecord? record, RecoveryUse use, RecoveryCharge charge, DateTimeOffset now)
    {
        // Somebody used the code first: the same attempt, sent twice, gets the same answer and pays nothing.
        if (await RedeliverAsync(record, use, now, CancellationToken.None).ConfigureAwait(false) is { } again)
        {
            return TakeBack(again, record, charge);
        }

        // The set that was hashed against is gone. Whether the code belongs to another is not known: ask again.
        if (record?.RecoveryCodes is { } current && current.SetId != charge.SetId)
        {
            return TakeBack(VerificationResult.Refused(RefusalReason.Busy), record, charge);
        }

        var refusal = record is null ? VerificationResult.Refused(RefusalReason.NotEnrolled) : VerificationResult.Wrong(record.RecoveryThrottle, options.RecoveryThrottle, now);
        return Decision.Keep(refusal, charge.Events);
    }

    // A repeated answer first: it is tried before throttle, suspension and the spent attempt.
    private async ValueTask<Decision<VerificationResult>?> AnswerAsync(MfaRecord? record, RecoveryUse use, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (record is null)
        {
            return Decision.Keep(VerificationResult.Refused(RefusalReason.NotEnrolled));
        }

        // Written although nothing changes: a stale read must lose its swap here too.
        return await RedeliverAsync(record, use, now, cancellationToken).ConfigureAwait(false) is { } again
            ? Decision.WriteKeepingRedelivery(again, record)
            : Admission.Refuse(record, MfaMethod.RecoveryCode, use.Attempt, options, now);
    }

    private async ValueTask<VerificationResult?> RedeliverAsync(MfaRecord? record, RecoveryUse use, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (record?.Redelivery is not { } redelivery || redelivery.TryOpen(use, now) is not { } codes)
        {
            return null;
        }

        var receipt = await MintAsync(record, redelivery.UsedAt, cancellationToken).ConfigureAwait(false);
        return VerificationResult.Recovered(codes.Count > 0 ? new IssuedRecoveryCodes(redelivery.SetId, codes) : null).WithReceipt(receipt);
    }

    private Decision<VerificationResult> TakeBack(VerificationResult outcome, MfaRecord? record, RecoveryCharge charge) => record is null
        ? Decision.Keep(outcome)
        : Decision.WriteKeepingRedelivery(outcome, VerifyRecoveryCode.TakeBack(record, charge, options));

    private ValueTask<MfaReceipt> MintAsync(MfaRecord record, DateTimeOffset verifiedAt, CancellationToken cancellationToken) =>
        vault.MintAsync(record.Subject, new StepUp(MfaMethod.RecoveryCode, verifiedAt, record.Epoch, Guid.Empty), cancellationToken);
}
