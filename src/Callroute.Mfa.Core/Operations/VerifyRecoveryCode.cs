using System.Security.Cryptography;
using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Operations;

/// <summary>
/// Verifies a recovery code in two writes. The first records a failure, before the hash is known. The second refunds it and
/// consumes the code. If the process dies between them, one failure stays recorded, but the code does not work twice.
/// </summary>
/// <remarks>If the record alone gives the answer (throttled, not enrolled, repeated), neither a permit nor a hash is needed.</remarks>
internal sealed class VerifyRecoveryCode(OperationContext context, MfaSubject subject, RecoveryCode code, CodeAttempt attempt)
    : Operation<VerificationResult>(context, subject)
{
    /// <summary>A failure that was recorded before hashing, and the data to compare the hash with.</summary>
    /// <param name="SecurityStamp">The record's stamp.</param>
    /// <param name="SetId">The set that the code is checked against.</param>
    /// <param name="Settings">The settings that the set was hashed under.</param>
    /// <param name="Input">The input of the hash; wiped after it.</param>
    /// <param name="Devices">The group of devices that the failure was counted for.</param>
    /// <param name="Before">The throttle of that group before this failure.</param>
    /// <param name="After">The throttle of that group after this failure.</param>
    /// <param name="Events">The events to raise if the code is wrong.</param>
    private sealed record RecordedFailure(
        Guid SecurityStamp,
        Guid SetId,
        string Settings,
        byte[] Input,
        DeviceGroup Devices,
        ThrottleState Before,
        ThrottleState After,
        IReadOnlyList<MfaEvent> Events)
    {
        public override string ToString() => nameof(RecordedFailure);
    }

    /// <summary>Where the code was found: in the active set or in the pending one.</summary>
    private readonly record struct Match(int Index, bool IsPending);

    private readonly byte[] _code = code.ToCanonicalBytes();

    // Created once per call, and reused if a failed compare-and-swap makes us decide again.
    private PreparedRecoveryCodes? _replacement;

    protected override async ValueTask<Decision<VerificationResult>> ExecuteAsync(CancellationToken cancellationToken)
    {
        try
        {
            var known = await Context.Records.RunAsync<VerificationResult?>(
                Subject, VerificationResult.Conflict, AnswerFromRecordAsync, cancellationToken)
                .ConfigureAwait(false);
            return known.Result is { } result
                ? known.WithResult(result)
                : await VerifyUnderPermitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(_code);
        }
    }

    private async ValueTask<Decision<VerificationResult>> VerifyUnderPermitAsync(CancellationToken cancellationToken)
    {
        using var permit = await Context.Issuer.TryEnterAsync(cancellationToken).ConfigureAwait(false);
        if (permit is null)
        {
            return Decision.NoChange(VerificationResult.Refused(RefusalReason.Busy));
        }

        var recorded = await Context.Records.RunAsync(
            Subject, (Failure: (RecordedFailure?)null, Refusal: VerificationResult.Conflict), RecordFailureAsync, cancellationToken)
            .ConfigureAwait(false);
        return recorded.Result.Failure is { } failure
            ? await CompleteAsync(failure, permit).ConfigureAwait(false)
            : recorded.WithResult(recorded.Result.Refusal);
    }

    private async ValueTask<Decision<VerificationResult>> CompleteAsync(RecordedFailure failure, RecoveryHashPermit permit)
    {
        try
        {
            var tag = await HashAsync(failure, permit).ConfigureAwait(false);
            // Not cancellable: the failure is recorded, so the user must get the result of the code.
            var completed = await Context.Records.RunAsync(
                Subject,
                VerificationResult.Conflict,
                (record, now, _) => CompleteAsync(record, failure, tag, permit, now),
                CancellationToken.None).ConfigureAwait(false);
            return ReferenceEquals(completed.Result, VerificationResult.Conflict) ? completed with { Events = failure.Events } : completed;
        }
        catch (OperationCanceledException exception)
        {
            // The caller's token is not used after the first write, so this cancellation is a failure of the store or the hasher.
            throw new TimeoutException("The attempt was recorded but could not be completed.", exception);
        }
    }

    /// <returns>A decision with a null result if the code has to be hashed.</returns>
    private async ValueTask<Decision<VerificationResult?>> AnswerFromRecordAsync(
        MfaRecord? record, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Look for a repeatable answer first: the attempt that used the code gets that answer even during a wait or a lockout. Save even
        // though nothing changes, so that the compare-and-swap detects a stale read here too.
        if (await RepeatAnswerAsync(record, now, cancellationToken).ConfigureAwait(false) is { } repeated)
        {
            return Decision.SaveKeepingAnswer<VerificationResult?>(repeated, record!);
        }

        return Admission.Refuse(record, MfaMethod.RecoveryCode, attempt, Options, now) is { } refusal
            ? refusal.WithResult<VerificationResult?>(refusal.Result)
            : Decision.NoChange<VerificationResult?>(null);
    }

    private async ValueTask<VerificationResult?> RepeatAnswerAsync(
        MfaRecord? record, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (record?.RepeatableAnswer is not { } answer || answer.TryOpen(Subject, _code, attempt.Id, now) is not { } codes)
        {
            return null;
        }

        // A repeated answer has no device token, because the first answer had one.
        var receipt = await IssueReceiptAsync(record, answer.Devices, answer.UsedAt, cancellationToken).ConfigureAwait(false);
        return VerificationResult.Recovered(codes.Count > 0 ? new IssuedRecoveryCodes(answer.SetId, codes) : null).With(receipt, null);
    }

    private async ValueTask<Decision<(RecordedFailure? Failure, VerificationResult Refusal)>> RecordFailureAsync(
        MfaRecord? record, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var known = await AnswerFromRecordAsync(record, now, cancellationToken).ConfigureAwait(false);
        if (known.Result is { } refusal)
        {
            return known.WithResult(((RecordedFailure?)null, refusal));
        }

        // Read the pepper before recording: if it is missing, the code is not checked and no failure is counted.
        var input = Context.Issuer.Pepper(_code, record!.RecoveryCodes!.PepperKeyId);
        var decision = RecordFailure(record, input, attempt, attempt.DevicesIn(record, MfaMethod.RecoveryCode, Options, now), Options, now);
        return decision.WithResult(((RecordedFailure?)decision.Result, VerificationResult.Conflict));
    }

    private async ValueTask<byte[]> HashAsync(RecordedFailure failure, RecoveryHashPermit permit)
    {
        try
        {
            return await permit.HashAsync(failure.Input, failure.Settings).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // A hash that fails is the server's fault, so the user gets the failure refunded.
            await RefundAfterAsync(exception, failure).ConfigureAwait(false);
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(failure.Input);
        }
    }

    private async ValueTask RefundAfterAsync(Exception cause, RecordedFailure failure)
    {
        try
        {
            await Context.Records.RunAsync(
                Subject,
                VerificationResult.Conflict,
                (record, _, _) => new(Refund(VerificationResult.Conflict, record, failure, Options)),
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            throw new AggregateException(cause, exception);
        }
    }

    private async ValueTask<Decision<VerificationResult>> CompleteAsync(
        MfaRecord? record, RecordedFailure failure, byte[] tag, RecoveryHashPermit permit, DateTimeOffset now)
    {
        if (record is null || Find(record, failure, tag) is not { } match)
        {
            // The code may be used already. If this request is a retry of the one that used it, give the same answer again.
            return await RepeatAnswerAsync(record, now, CancellationToken.None).ConfigureAwait(false) is { } repeated
                ? Refund(repeated, record, failure, Options)
                : Refuse(record, failure, attempt, Options, now);
        }

        return record.IsSpent(attempt.Id)
            ? Refund(VerificationResult.Refused(RefusalReason.AttemptSpent), record, failure, Options)
            : await AcceptAsync(record, match, failure, permit, now).ConfigureAwait(false);
    }

    // Do everything that can fail before the write, so that a consumed code always comes with its receipt and replacement.
    private async ValueTask<Decision<VerificationResult>> AcceptAsync(
        MfaRecord record, Match match, RecordedFailure failure, RecoveryHashPermit permit, DateTimeOffset now)
    {
        try
        {
            if (Options.Recovery.RegenerateOnUse)
            {
                _replacement ??= await Context.Issuer.PrepareAsync(permit, now).ConfigureAwait(false);
            }

            var setId = _replacement?.Set.SetId ?? failure.SetId;
            var nonce = RandomNumberGenerator.GetBytes(RepeatableAnswer.NonceSize);
            var answer = RepeatableAnswer.Seal(Subject, _code, attempt.Id, setId, _replacement?.Codes ?? [], now, nonce);
            var receipt = await IssueReceiptAsync(record, failure.Devices, now, CancellationToken.None).ConfigureAwait(false);
            var deviceId = attempt.DeviceIdIn(record, Options, now);
            var (refunded, token) = await Context.Secrets.TrustDeviceAsync(
                Refund(record, failure, Options), deviceId, now, CancellationToken.None).ConfigureAwait(false);
            var decision = Accept(refunded, match, _replacement, answer with { Devices = failure.Devices }, attempt, Options, now);
            return decision.WithResult(decision.Result.With(receipt, token));
        }
#pragma warning disable CA1031 // Reported as the cause of the refusal, after the failure is refunded.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return Refund(VerificationResult.Refused(RefusalReason.Unavailable, cause: exception), record, failure, Options);
        }
    }

    private ValueTask<MfaReceipt> IssueReceiptAsync(
        MfaRecord record, DeviceGroup devices, DateTimeOffset verifiedAt, CancellationToken cancellationToken) =>
        Context.Secrets.IssueReceiptAsync(
            Subject, new StepUp(MfaMethod.RecoveryCode, devices, verifiedAt, record.SecurityStamp, Guid.Empty), cancellationToken);

    /// <summary>The first write: it records a failure. The events are stored now and raised only if the code is wrong.</summary>
    private static Decision<RecordedFailure> RecordFailure(
        MfaRecord record, byte[] input, CodeAttempt attempt, DeviceGroup devices, MfaOptions options, DateTimeOffset now)
    {
        var (failed, consequences) = record.RecordFailure(MfaMethod.RecoveryCode, devices, attempt.Refundable, options, now);
        MfaEvent[] events = [new() { At = now, Kind = MfaEventKind.Refused, Method = MfaMethod.RecoveryCode }, .. consequences];
        var set = record.RecoveryCodes!;
        var before = record.RecoveryThrottle.At(devices, options.RecoveryThrottle, now);
        var after = failed.RecoveryThrottle.Of(devices);
        var failure = new RecordedFailure(record.SecurityStamp, set.SetId, set.Settings, input, devices, before, after, events);
        return Decision.SaveKeepingAnswer(failure, failed, events) with { Events = [] };
    }

    /// <summary>Finds the code in the record by its tag. Every tag is compared.</summary>
    private static Match? Find(MfaRecord record, RecordedFailure failure, ReadOnlySpan<byte> tag)
    {
        if (record.RecoveryCodes is not { } active || active.SetId != failure.SetId)
        {
            return null;
        }

        var pending = IndexOf(record.PendingRecoveryCodes?.TagsUnderActiveSettings ?? [], tag);
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

    /// <summary>The second write for a right code: it consumes the code, on the record after the refund.</summary>
    private static Decision<VerificationResult> Accept(
        MfaRecord refunded,
        Match match,
        PreparedRecoveryCodes? replacement,
        RepeatableAnswer answer,
        CodeAttempt attempt,
        MfaOptions options,
        DateTimeOffset now)
    {
        var consumed = replacement is null ? Consume(refunded, match) : refunded.WithNewSet(replacement.Set);
        var accepted = consumed with
        {
            RecoveryThrottle = consumed.RecoveryThrottle.Succeed(answer.Devices, options.RecoveryThrottle, attempt.Refundable, now),
            RepeatableAnswer = answer,
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
    private static MfaRecord Consume(MfaRecord record, Match match)
    {
        var pending = record.PendingRecoveryCodes?.Set;
        if (match.IsPending)
        {
            return record with
            {
                RecoveryCodes = (pending! with { IsAcknowledged = true }).Without(match.Index),
                PendingRecoveryCodes = null,
            };
        }

        var left = record.RecoveryCodes!.Without(match.Index);
        return left is null ? record with { RecoveryCodes = pending, PendingRecoveryCodes = null } : record with { RecoveryCodes = left };
    }

    /// <summary>The answer to a code that was not found. The failure that is already recorded stays, unless the set was replaced.</summary>
    private static Decision<VerificationResult> Refuse(
        MfaRecord? record, RecordedFailure failure, CodeAttempt attempt, MfaOptions options, DateTimeOffset now)
    {
        if (record?.RecoveryCodes is { } current && current.SetId != failure.SetId)
        {
            // The set was replaced while we hashed. We do not know whether the code belongs to the new one: ask the caller to retry.
            return Refund(VerificationResult.Refused(RefusalReason.Busy), record, failure, options);
        }

        if (record is null)
        {
            return Decision.NoChange(VerificationResult.Refused(RefusalReason.NotEnrolled), failure.Events);
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
        if (record.SecurityStamp != failure.SecurityStamp)
        {
            // MFA was disabled or reset in the meantime; the counter no longer includes this failure.
            return record;
        }

        // A new set starts without the failures of the old one, so only the allowance still holds this failure.
        var (policy, throttle) = (options.RecoveryThrottle, record.RecoveryThrottle);
        var isSameSet = record.RecoveryCodes?.SetId == failure.SetId;
        return failure.Events.Aggregate(record, (logged, happened) => logged.Unlog(happened)) with
        {
            RecoveryThrottle = isSameSet
                ? throttle.Refund(failure.Devices, policy, failure.Before, failure.After)
                : throttle.RefundAllowance(failure.Devices, policy, failure.Before, failure.After),
        };
    }
}
