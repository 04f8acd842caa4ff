using System.Security.Cryptography;
using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Operations;

/// <summary>
/// Verifies a recovery code in two writes. The first records a failure, before anything is hashed. The second refunds it and consumes the
/// code. If the process dies between them, one failure stays recorded, but the code does not work twice.
/// </summary>
/// <remarks>
/// The permit is held only while codes are hashed, not while the store is waited for. If the record alone gives the answer (throttled, not
/// enrolled, repeated), neither a permit nor a hash is needed.
/// </remarks>
internal sealed class VerifyRecoveryCode(OperationContext context, MfaSubject subject, RecoveryCode code, CodeAttempt attempt)
    : Operation<VerificationResult>(context, subject)
{
    /// <summary>A failure that was recorded before hashing, and the data to compare the hash with.</summary>
    /// <param name="Record">The record with the failure.</param>
    /// <param name="Devices">The group of devices that the failure was counted for.</param>
    /// <param name="Before">The throttle of that group before this failure.</param>
    /// <param name="Events">The events to raise if the code is wrong.</param>
    private sealed record RecordedFailure(
        MfaRecord Record,
        DeviceGroup Devices,
        ThrottleState Before,
        IReadOnlyList<MfaEvent> Events)
    {
        /// <summary>The set that the code is checked against.</summary>
        public RecoveryCodeSet Set => Record.RecoveryCodes!;

        public ThrottleState After => Record.RecoveryThrottle.Of(Devices);

        public override string ToString() => nameof(RecordedFailure);
    }

    /// <summary>Where the code was found: in the active set or in the pending one.</summary>
    private readonly record struct Match(int Index, bool IsPending);

    private readonly bool _isForeign = code.IsForeign;
    private readonly byte[] _code = code.ToCanonicalBytes();

    protected override async ValueTask<Decision<VerificationResult>> ExecuteAsync(CancellationToken cancellationToken)
    {
        try
        {
            var recorded = await Context.Records.RunAsync(
                Subject,
                outcome => (Failure: (RecordedFailure?)null, Refusal: VerificationResult.NotWritten(outcome)),
                RecordFailureAsync,
                cancellationToken).ConfigureAwait(false);
            return recorded.Result.Failure is { } failure
                ? await CompleteAsync(failure).ConfigureAwait(false)
                : recorded.WithResult(recorded.Result.Refusal);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(_code);
        }
    }

    // Not cancellable: the failure is recorded, so the user must get the result of the code.
    private async ValueTask<Decision<VerificationResult>> CompleteAsync(RecordedFailure failure)
    {
        var (tag, replacement, refusal) = await HashSafelyAsync(failure).ConfigureAwait(false);
        try
        {
            return await SettleAsync(failure, tag, replacement, refusal).ConfigureAwait(false);
        }
        catch (Exception exception) when (refusal?.Cause is { } cause)
        {
            throw new AggregateException(cause, exception);
        }
    }

    private async ValueTask<Decision<VerificationResult>> SettleAsync(
        RecordedFailure failure, byte[] tag, PreparedRecoveryCodes? replacement, VerificationResult? refusal)
    {
        IReadOnlyList<MfaEvent> unsettled = [];
        var settled = await Context.Records.RunAsync(
            Subject,
            outcome =>
            {
                unsettled = failure.Events;
                return VerificationResult.NotWritten(outcome);
            },
            (record, now, _) => refusal is not null
                ? new(Refund(refusal, record, failure, Options))
                : SettleSafelyAsync(record, failure, tag, replacement, now),
            CancellationToken.None,
            ClockRule.Continue).ConfigureAwait(false);
        return settled with { Events = [.. settled.Events, .. unsettled] };
    }

    private async ValueTask<Decision<(RecordedFailure? Failure, VerificationResult Refusal)>> RecordFailureAsync(
        MfaRecord? record, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Look for a repeatable answer first: the attempt that used the code gets that answer even during a wait or a lockout. Save even
        // though nothing changes, so that the compare-and-swap detects a stale read here too.
        if (await RepeatAnswerAsync(record, now, cancellationToken).ConfigureAwait(false) is { } repeated)
        {
            return Decision.SaveKeepingAnswer(((RecordedFailure?)null, repeated), record!);
        }

        if (_isForeign && record?.RecoveryCodes is not { IsImported: true })
        {
            // The user has no codes of this form, so this is not counted as a guess.
            return Decision.NoChange(((RecordedFailure?)null, VerificationResult.Refused(RefusalReason.Malformed)));
        }

        var (current, refusal) = await AdmitAsync(record, now, cancellationToken).ConfigureAwait(false);
        if (refusal is not null)
        {
            return Decision.Refuse(record, refusal).WithResult(((RecordedFailure?)null, refusal));
        }

        // If the pepper is missing, the code cannot be checked: count no failure.
        Context.Issuer.RequirePepper(record!.RecoveryCodes!);
        var devices = current.DevicesIn(record, MfaMethod.RecoveryCode, Options, now);
        var decision = RecordFailure(record, attempt, devices, Options, now);
        return decision.WithResult(((RecordedFailure?)decision.Result, VerificationResult.NotWritten(MfaChangeOutcome.Unavailable)));
    }

    private async ValueTask<(CodeAttempt Attempt, VerificationResult? Refusal)> AdmitAsync(
        MfaRecord? record, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (record is not { HasRecoveryCodes: true })
        {
            return (attempt, VerificationResult.Refused(RefusalReason.NotEnrolled));
        }

        using var tokens = Context.Secrets.TokensOf(record);
        var current = await attempt.IdentifyAsync(tokens, Options, now, cancellationToken).ConfigureAwait(false);
        return (current, Admission.Refuse(record, MfaMethod.RecoveryCode, current, Options, now));
    }

    private async ValueTask<VerificationResult?> RepeatAnswerAsync(
        MfaRecord? record, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (record?.RepeatableAnswer is not { AuthenticatorId: null } stored || !stored.IsFor(attempt.Id, now))
        {
            return null;
        }

        var answer = await Context.Secrets.OpenAsync(Subject, stored, cancellationToken).ConfigureAwait(false);
        if (answer.TryOpen(Subject, _code, attempt.Id) is not { } codes)
        {
            return null;
        }

        // A repeated answer has no device token, because the first answer had one.
        using var tokens = Context.Secrets.TokensOf(record);
        var stepUp = new StepUp(MfaMethod.RecoveryCode, answer.Devices, answer.UsedAt, answer.SetId);
        var receipt = await tokens.IssueReceiptAsync(stepUp, cancellationToken).ConfigureAwait(false);
        var issued = codes.Count > 0 ? new IssuedRecoveryCodes(answer.SetId, codes) : null;
        return VerificationResult.Recovered(issued).With(stepUp.VerifiedAt, receipt, deviceToken: null);
    }

    /// <returns>The tag, and new codes if the code was found; or a refusal. A hash that fails is not the user's fault.</returns>
    private async ValueTask<(byte[] Tag, PreparedRecoveryCodes? Replacement, VerificationResult? Refusal)> HashSafelyAsync(
        RecordedFailure failure)
    {
        try
        {
            using var turn = await Context.Issuer.TryTakeTurnAsync(Subject).ConfigureAwait(false);
            using var permit = turn is null ? null : await Context.Issuer.TryEnterAsync().ConfigureAwait(false);
            if (permit is null)
            {
                return ([], null, VerificationResult.Refused(RefusalReason.Busy));
            }

            var tag = await Context.Issuer.HashAsync(permit, _code, failure.Set).ConfigureAwait(false);
            var now = Context.Now;
            var isReplaced = Options.Recovery.RegenerateOnUse && Find(failure.Record, failure, tag, now) is not null;
            return (tag, isReplaced ? await Context.Issuer.PrepareAsync(permit, active: null, now).ConfigureAwait(false) : null, null);
        }
#pragma warning disable CA1031 // Reported as the cause of the refusal, after the failure is refunded.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return ([], null, VerificationResult.Refused(RefusalReason.Unavailable, cause: exception));
        }
    }

    private async ValueTask<Decision<VerificationResult>> SettleSafelyAsync(
        MfaRecord? record, RecordedFailure failure, byte[] tag, PreparedRecoveryCodes? replacement, DateTimeOffset now)
    {
        try
        {
            return await SettleAsync(record, failure, tag, replacement, now).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Reported as the cause of the refusal, after the failure is refunded.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return Refund(VerificationResult.Refused(RefusalReason.Unavailable, cause: exception), record, failure, Options);
        }
    }

    private async ValueTask<Decision<VerificationResult>> SettleAsync(
        MfaRecord? record, RecordedFailure failure, byte[] tag, PreparedRecoveryCodes? replacement, DateTimeOffset now)
    {
        if (record is null)
        {
            return Decision.NoChange(VerificationResult.Refused(RefusalReason.NotEnrolled), failure.Events);
        }

        using var tokens = Context.Secrets.TokensOf(record);
        var current = await attempt.IdentifyAsync(tokens, Options, now, CancellationToken.None).ConfigureAwait(false);
        if (Find(record, failure, tag, now) is not { } match)
        {
            // The code may be used already. If this request is a retry of the one that used it, give the same answer again.
            return await RepeatAnswerAsync(record, now, CancellationToken.None).ConfigureAwait(false) is { } repeated
                ? Refund(repeated, record, failure, Options)
                : Refuse(record, failure, current, Options, now);
        }

        if (current.IsOver(record))
        {
            return Refund(VerificationResult.Refused(RefusalReason.AttemptSpent), record, failure, Options);
        }

        if (Options.Recovery.RegenerateOnUse && replacement is null)
        {
            // The code became valid while it was hashed, so no replacement is ready: ask the caller to retry.
            return Refund(VerificationResult.Refused(RefusalReason.Busy), record, failure, Options);
        }

        // A recovery ends what is remembered, even if the set stays: whoever had the phone may have used it there.
        var consumed = Consume(Refund(record, failure, Options), match, replacement, now) with { RememberedBrowsers = null };
        var stepUp = new StepUp(MfaMethod.RecoveryCode, failure.Devices, now, consumed.RecoveryCodes!.SetId);
        return await AcceptAsync(consumed, current, tokens, replacement, stepUp).ConfigureAwait(false);
    }

    // Do everything that can fail before the write, so that a consumed code always comes with its receipt and replacement.
    private async ValueTask<Decision<VerificationResult>> AcceptAsync(
        MfaRecord consumed, CodeAttempt current, RecordTokens tokens, PreparedRecoveryCodes? replacement, StepUp stepUp)
    {
        var nonce = RandomNumberGenerator.GetBytes(RepeatableAnswer.NonceSize);
        var answer = RepeatableAnswer.Seal(
            Subject, _code, attempt.Id, stepUp.BoundTo, replacement?.Codes ?? [], stepUp.VerifiedAt, nonce);
        var (listed, token) = await tokens.TrustDeviceAsync(
            consumed, current.DeviceId, stepUp.VerifiedAt, CancellationToken.None).ConfigureAwait(false);
        var receipt = await tokens.IssueReceiptAsync(stepUp, CancellationToken.None).ConfigureAwait(false);
        var saved = listed with
        {
            RepeatableAnswer = await Context.Secrets.ProtectAsync(
                Subject, answer with { Devices = stepUp.Devices }, CancellationToken.None).ConfigureAwait(false),
        };
        var decision = Accept(saved, replacement, stepUp, attempt, Options);
        return decision.WithResult(decision.Result.With(stepUp.VerifiedAt, receipt, token));
    }

    /// <summary>The first write: it records a failure. The events are stored now and raised only if the code is wrong.</summary>
    private static Decision<RecordedFailure> RecordFailure(
        MfaRecord record, CodeAttempt attempt, DeviceGroup devices, MfaOptions options, DateTimeOffset now)
    {
        var (failed, consequences) = record.RecordFailure(MfaMethod.RecoveryCode, devices, attempt.Refundable, options, now);
        MfaEvent[] events = [new() { At = now, Kind = MfaEventKind.Refused, Method = MfaMethod.RecoveryCode }, .. consequences];
        var before = record.RecoveryThrottle.At(devices, options.RecoveryThrottle, now);
        return Decision.SaveKeepingAnswer(new RecordedFailure(failed, devices, before, events), failed, events) with { Events = [] };
    }

    /// <summary>Finds the code in the record by its tag. Every tag is compared.</summary>
    private static Match? Find(MfaRecord record, RecordedFailure failure, ReadOnlySpan<byte> tag, DateTimeOffset now)
    {
        if (record.RecoveryCodes is not { } active || active.SetId != failure.Set.SetId)
        {
            return null;
        }

        var pending = IndexOf(record.PendingRecoveryCodesAt(now)?.TagsUnderActiveSettings ?? [], tag);
        var current = IndexOf(active.Tags, tag);
        return (current, pending) switch
        {
            ({ } index, _) => new Match(index, IsPending: false),
            (null, { } index) => new Match(index, IsPending: true),
            _ => null,
        };
    }

    private static int? IndexOf(IReadOnlyList<byte[]> tags, ReadOnlySpan<byte> tag)
    {
        int? found = null;
        for (var i = 0; i < tags.Count; i++)
        {
            if (FixedTime.AreEqual(tags[i], tag))
            {
                found = i;
            }
        }

        return found;
    }

    /// <summary>The second write for a right code, on the record after the refund and without the code.</summary>
    private static Decision<VerificationResult> Accept(
        MfaRecord consumed, PreparedRecoveryCodes? replacement, StepUp stepUp, CodeAttempt attempt, MfaOptions options)
    {
        var now = stepUp.VerifiedAt;
        var accepted = consumed with
        {
            RecoveryThrottle = consumed.RecoveryThrottle.Succeed(stepUp.Devices, options.RecoveryThrottle, attempt.Refundable, now),
            SpentAttempts = consumed.SpentAttemptsWith(attempt.Id),
        };
        List<MfaEvent> events = [new() { At = now, Kind = MfaEventKind.Accepted, Method = MfaMethod.RecoveryCode }];
        if (replacement is not null)
        {
            events.Add(new() { At = now, Kind = MfaEventKind.RecoveryCodesIssued });
        }

        return Decision.SaveKeepingAnswer(VerificationResult.Recovered(replacement?.Issued), accepted, events);
    }

    // A used code of the pending set shows that its owner has that set, so it replaces the active one.
    private static MfaRecord Consume(MfaRecord record, Match match, PreparedRecoveryCodes? replacement, DateTimeOffset now)
    {
        if (replacement is not null)
        {
            return record.WithNewSet(replacement.Set);
        }

        var pending = record.PendingRecoveryCodesAt(now)?.Set;
        if (match.IsPending)
        {
            var used = (pending! with { IsAcknowledged = true }).Without(match.Index);
            return record with { RecoveryCodes = used, PendingRecoveryCodes = null };
        }

        var left = record.RecoveryCodes!.Without(match.Index);
        return left.Tags.Count == 0 && pending is not null
            ? record with { RecoveryCodes = pending, PendingRecoveryCodes = null }
            : record with { RecoveryCodes = left };
    }

    /// <summary>The answer to a code that was not found. The failure that is already recorded stays, unless the set was replaced.</summary>
    private static Decision<VerificationResult> Refuse(
        MfaRecord record, RecordedFailure failure, CodeAttempt attempt, MfaOptions options, DateTimeOffset now)
    {
        if (record.RecoveryCodes is { } current && current.SetId != failure.Set.SetId)
        {
            // The set was replaced while we hashed. We do not know whether the code belongs to the new one: ask the caller to retry.
            return Refund(VerificationResult.Refused(RefusalReason.Busy), record, failure, options);
        }

        var next = attempt.DevicesIn(record, MfaMethod.RecoveryCode, options, now);
        return Decision.NoChange(
            VerificationResult.Wrong(record.RecoveryThrottle, next, options.RecoveryThrottle, now), failure.Events);
    }

    private static Decision<VerificationResult> Refund(
        VerificationResult result, MfaRecord? record, RecordedFailure failure, MfaOptions options) =>
        record is null ? Decision.NoChange(result) : Decision.SaveKeepingAnswer(result, Refund(record, failure, options));

    /// <summary>Refunds the failure if the code was not wrong. Failures that other requests recorded in the meantime stay.</summary>
    private static MfaRecord Refund(MfaRecord record, RecordedFailure failure, MfaOptions options)
    {
        if (record.SecurityStamp != failure.Record.SecurityStamp)
        {
            // MFA was disabled or reset in the meantime. A reset has removed this failure, so do not refund one that came after it.
            return record;
        }

        // A new set starts without the failures of the old one, so only the allowance still holds this failure.
        var (policy, throttle) = (options.RecoveryThrottle, record.RecoveryThrottle);
        var isSameSet = record.RecoveryCodes?.SetId == failure.Set.SetId;
        return failure.Events.Aggregate(record, (logged, happened) => logged.Unlog(happened)) with
        {
            RecoveryThrottle = isSameSet
                ? throttle.Refund(failure.Devices, policy, failure.Before, failure.After)
                : throttle.RefundAllowance(failure.Devices, policy, failure.Before, failure.After),
        };
    }
}
