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
internal sealed class ConfirmEnrollment(OperationContext context, MfaSubject subject, Guid enrollmentId, string? code)
    : IssuingChange("confirm_enrollment", context, subject)
{
    private readonly AttemptId _request = AttemptId.Of(enrollmentId);

    // Created once per call: a failed compare-and-swap makes us decide again.
    private readonly Guid _device = RandomId.CreateGuid();

    // Found once per call. The code was right when it arrived, however long the hash takes.
    private long? _step;

    protected override ValueTask<Decision<MfaChangeResult>> ExecuteAsync(CancellationToken cancellationToken) => IssueAsync(
        outcome => new MfaChangeResult(outcome),
        prepared => (record, now, token) => DecideAsync(record, prepared, now, token),
        cancellationToken);

    private async ValueTask<Decision<MfaChangeResult>> DecideAsync(
        MfaRecord? record, PreparedRecoveryCodes? prepared, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (record?.RepeatableAnswer is { } answer && answer.IsOfEnrollment(enrollmentId, now))
        {
            return await RepeatAsync(record, answer, cancellationToken).ConfigureAwait(false);
        }

        var (pending, refusal) = PendingEnrollment.Find(record, enrollmentId, now);
        if (pending is null)
        {
            return Decision.Refuse(record, refusal, outcome => new MfaChangeResult(outcome));
        }

        if (OtpCode.DigitsOf(code) != pending.Parameters.Digits)
        {
            // Malformed input is not a guess. Answer it before checking the code, and do not use a try.
            return Decision.NoChange(new MfaChangeResult(MfaChangeOutcome.WrongCode) { TriesLeft = pending.TriesLeft });
        }

        _step ??= await MatchAsync(pending, now, cancellationToken).ConfigureAwait(false);
        var needsCodes = _step is not null && !record!.HasRecoveryCodes && !pending.IsProofLockedOut(record, Options, now);
        return needsCodes && prepared is null
            ? Decision.NoChange(new MfaChangeResult(MfaChangeOutcome.Busy) { TriesLeft = pending.TriesLeft })
            : await CompleteAsync(record!, Decide(record!, pending, _step, prepared, Options, now), now, cancellationToken)
                .ConfigureAwait(false);
    }

    /// <summary>Adds to a confirmation its receipt, its repeatable answer, and the token of the device if that becomes known.</summary>
    private async ValueTask<Decision<MfaChangeResult>> CompleteAsync(
        MfaRecord before, Decision<MfaChangeResult> decision, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!decision.Result.Succeeded)
        {
            return decision;
        }

        using var tokens = Context.Secrets.TokensOf(decision.Record!);
        var (record, token) = await TrustDeviceAsync(before, decision.Record!, tokens, now, cancellationToken).ConfigureAwait(false);

        // The receipt counts for the devices that proved the enrolment. A first authenticator has no proof, but makes the device known.
        var devices = token is null ? before.PendingEnrollment?.Proof?.Devices ?? DeviceGroup.Unknown : DeviceGroup.Known;
        var stepUp = new StepUp(MfaMethod.Totp, devices, now, decision.Result.AuthenticatorId!.Value);
        var receipt = await tokens.IssueReceiptAsync(stepUp, cancellationToken).ConfigureAwait(false);
        var nonce = RandomNumberGenerator.GetBytes(RepeatableAnswer.NonceSize);
        var codes = decision.Result.RecoveryCodes?.Codes ?? [];
        var answer = RepeatableAnswer.Seal(Subject, CanonicalCode(), _request, record.RecoveryCodes!.SetId, codes, now, nonce) with
        {
            AuthenticatorId = stepUp.BoundTo,
            Devices = devices,
            TriesLeft = decision.Result.TriesLeft,
        };
        return decision with
        {
            Result = decision.Result.With(receipt, token),
            Record = record with
            {
                RepeatableAnswer = await Context.Secrets.ProtectAsync(Subject, answer, cancellationToken).ConfigureAwait(false),
            },
        };
    }

    // A first authenticator makes the device known, and so does a confirmation that revoked the known devices.
    private async ValueTask<(MfaRecord Record, byte[]? Token)> TrustDeviceAsync(
        MfaRecord before, MfaRecord after, RecordTokens tokens, DateTimeOffset now, CancellationToken cancellationToken) =>
        !before.IsEnabled || after.KnownDevices.Count < before.KnownDevices.Count
            ? await tokens.TrustDeviceAsync(after, _device, now, cancellationToken).ConfigureAwait(false)
            : (await tokens.WithKeyAsync(after, cancellationToken).ConfigureAwait(false), null);

    /// <summary>Gives the same answer to the same code. Another code uses up a try, and with the last one the answer ends.</summary>
    private async ValueTask<Decision<MfaChangeResult>> RepeatAsync(
        MfaRecord record, RepeatableAnswer stored, CancellationToken cancellationToken)
    {
        if (OtpCode.DigitsOf(code) is null)
        {
            return Decision.NoChange(new MfaChangeResult(MfaChangeOutcome.WrongCode) { TriesLeft = stored.TriesLeft });
        }

        var answer = await Context.Secrets.OpenAsync(Subject, stored, cancellationToken).ConfigureAwait(false);
        if (answer.TryOpen(Subject, CanonicalCode(), _request) is { } codes)
        {
            // Save although nothing changes, so that the compare-and-swap detects a stale read.
            var issued = codes.Count > 0 ? new IssuedRecoveryCodes(answer.SetId, codes) : null;
            var confirmed = Confirmed(answer.AuthenticatorId!.Value, issued, answer.TriesLeft, answer.UsedAt);
            return Decision.SaveKeepingAnswer(confirmed.With(await RepeatReceiptAsync().ConfigureAwait(false), deviceToken: null), record);
        }

        var left = stored.TriesLeft - 1;
        return Decision.SaveKeepingAnswer(
            new MfaChangeResult(MfaChangeOutcome.WrongCode) { TriesLeft = left },
            record with { RepeatableAnswer = left > 0 ? stored with { TriesLeft = left } : null });

        async ValueTask<MfaReceipt> RepeatReceiptAsync()
        {
            using var tokens = Context.Secrets.TokensOf(record);
            var stepUp = new StepUp(MfaMethod.Totp, answer.Devices, answer.UsedAt, answer.AuthenticatorId!.Value);
            return await tokens.IssueReceiptAsync(stepUp, cancellationToken).ConfigureAwait(false);
        }
    }

    private byte[] CanonicalCode()
    {
        Span<char> canonical = stackalloc char[HmacOtp.MaximumDigits];
        return Encoding.ASCII.GetBytes(canonical[..(OtpCode.Canonicalize(code, canonical) ?? 0)].ToArray());
    }

    private static MfaChangeResult Confirmed(Guid authenticatorId, IssuedRecoveryCodes? issued, int triesLeft, DateTimeOffset at) =>
        new(MfaChangeOutcome.Succeeded, recoveryCodes: issued)
        {
            AuthenticatorId = authenticatorId,
            TriesLeft = triesLeft,
            ConfirmedAt = at,
        };

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
        var issued = record.HasRecoveryCodes ? null : prepared?.Issued;
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
        LabelNumber = pending.LabelNumber,
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
