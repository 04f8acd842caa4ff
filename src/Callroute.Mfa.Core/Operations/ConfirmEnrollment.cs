using System.Security.Cryptography;
using System.Text;
using Callroute.Mfa.Execution;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Records;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Operations;

/// <summary>
/// Binds an authenticator by its first code, and consumes the code. It removes the authenticator that the new one replaces, and issues
/// recovery codes if the subject has none. Until then, earlier authenticators keep working.
/// </summary>
/// <remarks>
/// New recovery codes are hashed only after the code was right. A first write then uses up a try of the enrolment, so that few hashes run for
/// it, in however many requests at once. The second write binds the authenticator.
/// </remarks>
internal sealed class ConfirmEnrollment(OperationContext context, MfaSubject subject, Guid enrollmentId, string? code)
    : ChangeOperation<MfaChangeResult>("confirm_enrollment", context, subject)
{
    private readonly AttemptId _request = AttemptId.Of(enrollmentId);

    // Created once per call: a failed compare-and-swap makes us decide again.
    private readonly Guid _device = RandomId.CreateGuid();

    protected override async ValueTask<Decision<MfaChangeResult>> ExecuteAsync(CancellationToken cancellationToken)
    {
        var needsCodes = false;
        var decided = await Context.Records.RunAsync(
            Subject,
            outcome => new MfaChangeResult(outcome),
            async (record, now, token) =>
            {
                var decision = await DecideAsync(record, prepared: null, now, token).ConfigureAwait(false);
                needsCodes = decision is null;
                return decision ?? UseTry(record!, 1);
            },
            cancellationToken).ConfigureAwait(false);
        return needsCodes && decided.Record is not null ? await ConfirmWithCodesAsync().ConfigureAwait(false) : decided;
    }

    private async ValueTask<Decision<MfaChangeResult>> ConfirmWithCodesAsync()
    {
        var prepared = await HashAsync().ConfigureAwait(false);

        // Not cancellable: the try is used up, so the user must get the result of the code.
        return await Context.Records.RunAsync(
            Subject,
            outcome => new MfaChangeResult(outcome),
            async (record, now, token) =>
            {
                var refunded = record?.PendingEnrollment?.EnrollmentId == enrollmentId ? UseTry(record, -1) : null;
                var decision = prepared is null
                    ? refunded
                    : await DecideAsync(refunded?.Record ?? record, prepared, now, token).ConfigureAwait(false);
                return decision ?? Decision.NoChange(new MfaChangeResult(MfaChangeOutcome.Busy));
            },
            CancellationToken.None).ConfigureAwait(false);
    }

    /// <returns>New recovery codes; null if there was no permit.</returns>
    private async ValueTask<PreparedRecoveryCodes?> HashAsync()
    {
        using var permit = await Context.Issuer.TryEnterAsync(Subject).ConfigureAwait(false);
        return permit is null ? null : await Context.Issuer.PrepareAsync(permit, Context.Now).ConfigureAwait(false);
    }

    /// <returns>The decision; null if the code is right and recovery codes are needed for it.</returns>
    private async ValueTask<Decision<MfaChangeResult>?> DecideAsync(
        MfaRecord? record, PreparedRecoveryCodes? prepared, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (record?.RepeatableAnswer is { AuthenticatorId: not null } answer && answer.IsFor(_request, now))
        {
            return await RepeatAsync(record, answer, cancellationToken).ConfigureAwait(false);
        }

        var (pending, refusal) = PendingEnrollment.Find(record, enrollmentId, now);
        if (pending is null)
        {
            return Decision.NoChange(new MfaChangeResult(refusal));
        }

        if (CodeInput.DigitsOf(code) != pending.Parameters.Digits)
        {
            // Malformed input is not a guess. Answer it before checking the code, and do not use a try.
            return Decision.NoChange(new MfaChangeResult(MfaChangeOutcome.WrongCode) { TriesLeft = pending.TriesLeft });
        }

        var step = await MatchAsync(pending, now, cancellationToken).ConfigureAwait(false);
        var needsCodes = step is not null && record!.RecoveryCodes is null && !pending.IsProofLockedOut(record, Options, now);
        return needsCodes && prepared is null
            ? null
            : await CompleteAsync(record!, Decide(record!, pending, step, prepared, Options, now), now, cancellationToken)
                .ConfigureAwait(false);
    }

    /// <summary>Adds to a confirmation its repeatable answer, and the token of the device if the device becomes known.</summary>
    private async ValueTask<Decision<MfaChangeResult>> CompleteAsync(
        MfaRecord before, Decision<MfaChangeResult> decision, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!decision.Result.Succeeded)
        {
            return decision;
        }

        // A first authenticator makes the device known, and so does a confirmation that revoked the known devices.
        var (record, token) = (decision.Record!, (byte[]?)null);
        if (!before.IsEnabled || record.KnownDevices.Count < before.KnownDevices.Count)
        {
            using var tokens = Context.Secrets.TokensOf(record);
            (record, token) = await tokens.TrustDeviceAsync(record, _device, now, cancellationToken).ConfigureAwait(false);
        }

        var answer = Seal(decision.Result, record, now) with { AuthenticatorId = decision.Result.AuthenticatorId };
        return decision with
        {
            Result = decision.Result.WithDevice(token),
            Record = record with
            {
                RepeatableAnswer = await Context.Secrets.ProtectAsync(Subject, answer, cancellationToken).ConfigureAwait(false),
            },
        };
    }

    private RepeatableAnswer Seal(MfaChangeResult confirmed, MfaRecord record, DateTimeOffset now)
    {
        var nonce = RandomNumberGenerator.GetBytes(RepeatableAnswer.NonceSize);
        var setId = record.RecoveryCodes?.SetId ?? Guid.Empty;
        return RepeatableAnswer.Seal(Subject, CanonicalCode(), _request, setId, confirmed.RecoveryCodes?.Codes ?? [], now, nonce) with
        {
            TriesLeft = confirmed.TriesLeft,
        };
    }

    /// <summary>Gives the same answer to the same code. Another code uses up a try, and with the last one the answer ends.</summary>
    private async ValueTask<Decision<MfaChangeResult>> RepeatAsync(
        MfaRecord record, RepeatableAnswer stored, CancellationToken cancellationToken)
    {
        if (CodeInput.DigitsOf(code) is null)
        {
            return Decision.NoChange(new MfaChangeResult(MfaChangeOutcome.WrongCode) { TriesLeft = stored.TriesLeft });
        }

        var answer = await Context.Secrets.OpenAsync(Subject, stored, cancellationToken).ConfigureAwait(false);
        if (answer.TryOpen(Subject, CanonicalCode(), _request) is { } codes)
        {
            // Save although nothing changes, so that the compare-and-swap detects a stale read.
            var issued = codes.Count > 0 ? new IssuedRecoveryCodes(answer.SetId, codes) : null;
            return Decision.SaveKeepingAnswer(Confirmed(answer.AuthenticatorId!.Value, issued, answer.TriesLeft, answer.UsedAt), record);
        }

        var left = stored.TriesLeft - 1;
        return Decision.SaveKeepingAnswer(
            new MfaChangeResult(MfaChangeOutcome.WrongCode) { TriesLeft = left },
            record with { RepeatableAnswer = left > 0 ? stored with { TriesLeft = left } : null });
    }

    private byte[] CanonicalCode()
    {
        Span<char> canonical = stackalloc char[HmacOtp.MaximumDigits];
        return Encoding.ASCII.GetBytes(canonical[..(OtpCode.Canonicalize(code, canonical) ?? 0)].ToArray());
    }

    private static MfaChangeResult Confirmed(Guid authenticatorId, IssuedRecoveryCodes? issued, int triesLeft, DateTimeOffset at) =>
        new(MfaChangeOutcome.Succeeded, recoveryCodes: issued) { AuthenticatorId = authenticatorId, TriesLeft = triesLeft, ConfirmedAt = at };

    /// <summary>Uses up a try, or gives one back. The result is the one for a caller who gets no permit.</summary>
    private static Decision<MfaChangeResult> UseTry(MfaRecord record, int tries)
    {
        var pending = record.PendingEnrollment!;
        var left = pending.TriesLeft - tries;
        return Decision.SaveKeepingAnswer(
            new MfaChangeResult(MfaChangeOutcome.Busy) { TriesLeft = left },
            record with { PendingEnrollment = pending with { TriesLeft = left } });
    }

    private async ValueTask<long?> MatchAsync(PendingEnrollment pending, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var secret = await Context.Secrets.OpenAsync(Subject, pending, cancellationToken).ConfigureAwait(false);
        return Totp.Verify(
            secret, pending.Parameters, code, now, Options.PastSteps, Options.FutureSteps, Options.UseVectorizedHmac);
    }

    /// <summary>Decides on the current record, without side effects.</summary>
    /// <param name="record">The record.</param>
    /// <param name="pending">The enrolment, found in this record.</param>
    /// <param name="step">The time step that the code belongs to; null for a wrong code.</param>
    /// <param name="prepared">Recovery codes to issue if the record has none.</param>
    /// <param name="options">The settings.</param>
    /// <param name="now">The server's time.</param>
    private static Decision<MfaChangeResult> Decide(
        MfaRecord record, PendingEnrollment pending, long? step, PreparedRecoveryCodes? prepared, MfaOptions options, DateTimeOffset now)
    {
        if (step is not { } matched)
        {
            return Miss(record, pending);
        }

        if (pending.IsProofLockedOut(record, options, now))
        {
            return Decision.NoChange(new MfaChangeResult(MfaChangeOutcome.ProofRefused) { TriesLeft = pending.TriesLeft });
        }

        var kept = record.Authenticators.Where(a => !record.TotpThrottle.NeedsNewBinding && a.Id != pending.Replaces).ToArray();
        var removed = record.Authenticators.Except(kept).ToArray();
        var issued = record.RecoveryCodes is null ? prepared?.Issued : null;
        var bound = (issued is null ? record : record.WithNewSet(prepared!.Set)) with
        {
            Authenticators = [.. kept, Bind(pending, matched, now)],
            PendingEnrollment = null,
            NoticeOwedSince = record.IsEnabled ? record.NoticeOwedSince : now,
        };
        var begun = pending.Proof?.Method == MfaMethod.RecoveryCode
                ? bound with { TotpThrottle = FactorThrottle.Clean, RecoveryThrottle = FactorThrottle.Clean }
            : kept.Length == 0 ? bound with { TotpThrottle = bound.TotpThrottle.BindAgain() }
            : bound;
        return Decision.Save(
            Confirmed(pending.AuthenticatorId, issued, pending.TriesLeft, now),
            RevokeGuessers(record, begun, options, now),
            [.. Events(pending, removed, issued, now)]);
    }

    // The guesser who locked out the known devices has the token of one. If a new authenticator ends this lockout, revoke all tokens.
    private static MfaRecord RevokeGuessers(MfaRecord before, MfaRecord after, MfaOptions options, DateTimeOffset now)
    {
        var isEnded = (MfaMethod method) => IsClosed(before, method) && !IsClosed(after, method);
        return isEnded(MfaMethod.Totp) || isEnded(MfaMethod.RecoveryCode) ? after with { KnownDevices = [] } : after;

        bool IsClosed(MfaRecord record, MfaMethod method)
        {
            var (policy, throttle) = record.ThrottleOf(method, options);
            return throttle.At(DeviceGroup.Known, policy, now).LockedOutAt is not null;
        }
    }

    private static Decision<MfaChangeResult> Miss(MfaRecord record, PendingEnrollment pending)
    {
        var left = pending.TriesLeft - 1;
        return Decision.SaveKeepingAnswer(
            new MfaChangeResult(MfaChangeOutcome.WrongCode) { TriesLeft = left },
            record with { PendingEnrollment = pending with { TriesLeft = left } });
    }

    private static AuthenticatorRecord Bind(PendingEnrollment pending, long step, DateTimeOffset now) => new()
    {
        Id = pending.AuthenticatorId,
        Name = pending.Name,
        ProtectedSecret = pending.ProtectedSecret,
        Parameters = pending.Parameters,
        LastUsedStep = step,
        CreatedAt = now,
        LastUsedAt = now,
    };

    private static IEnumerable<MfaEvent> Events(
        PendingEnrollment pending, IEnumerable<AuthenticatorRecord> removed, IssuedRecoveryCodes? issued, DateTimeOffset now)
    {
        yield return new MfaEvent { At = now, Kind = MfaEventKind.AuthenticatorBound, AuthenticatorId = pending.AuthenticatorId };
        foreach (var authenticator in removed)
        {
            yield return new MfaEvent { At = now, Kind = MfaEventKind.AuthenticatorRemoved, AuthenticatorId = authenticator.Id };
        }

        if (issued is not null)
        {
            yield return new MfaEvent { At = now, Kind = MfaEventKind.RecoveryCodesIssued };
        }
    }
}
