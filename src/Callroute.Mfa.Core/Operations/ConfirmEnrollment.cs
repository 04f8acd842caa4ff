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
    : ChangeOperation<MfaChangeResult>("confirm_enrollment", context, subject)
{
    private static readonly MfaChangeResult Conflict = new(MfaChangeOutcome.Unavailable);

    // Created once per call, and reused if a failed compare-and-swap makes us decide again.
    private PreparedRecoveryCodes? _prepared;

    protected override async ValueTask<Decision<MfaChangeResult>> ExecuteAsync(CancellationToken cancellationToken)
    {
        var record = await Context.Records.FindAsync(Subject, cancellationToken).ConfigureAwait(false);
        var (pending, refusal) = PendingEnrollment.Find(record, enrollmentId, Context.Now);
        if (pending is null)
        {
            return Decision.NoChange(new MfaChangeResult(refusal));
        }

        if (CodeInput.DigitsOf(code) != pending.Parameters.Digits)
        {
            // Malformed input is not a guess. Answer it before checking the code, and do not use a try.
            return Decision.NoChange(new MfaChangeResult(MfaChangeOutcome.WrongCode) { TriesLeft = pending.TriesLeft });
        }

        return record!.RecoveryCodes is null
            ? await ConfirmUnderPermitAsync(pending, cancellationToken).ConfigureAwait(false)
            : await ConfirmAsync(permit: null, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<Decision<MfaChangeResult>> ConfirmUnderPermitAsync(
        PendingEnrollment pending, CancellationToken cancellationToken)
    {
        using var permit = await Context.Issuer.TryEnterAsync(cancellationToken).ConfigureAwait(false);
        return permit is null
            ? Decision.NoChange(new MfaChangeResult(MfaChangeOutcome.Busy) { TriesLeft = pending.TriesLeft })
            : await ConfirmAsync(permit, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask<Decision<MfaChangeResult>> ConfirmAsync(RecoveryHashPermit? permit, CancellationToken cancellationToken) =>
        Context.Records.RunAsync(Subject, Conflict, (record, now, token) => DecideAsync(record, permit, now, token), cancellationToken);

    private async ValueTask<Decision<MfaChangeResult>> DecideAsync(
        MfaRecord? record, RecoveryHashPermit? permit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (pending, refusal) = PendingEnrollment.Find(record, enrollmentId, now);
        if (pending is null)
        {
            return Decision.NoChange(new MfaChangeResult(refusal));
        }

        var step = await MatchAsync(pending, now, cancellationToken).ConfigureAwait(false);
        var needsCodes = step is not null && record!.RecoveryCodes is null;
        if (needsCodes && permit is null)
        {
            // The recovery codes were removed after we skipped the permit. Ask the caller to retry.
            return Decision.NoChange(Conflict);
        }

        _prepared ??= needsCodes ? await Context.Issuer.PrepareAsync(permit!, now).ConfigureAwait(false) : null;
        var decision = Decide(record!, pending, step, _prepared, Options, now);
        return decision.Result.Succeeded && (!record!.IsEnabled || decision.Record!.KnownDevices.Count < record.KnownDevices.Count)
            ? await TrustDeviceAsync(decision, now, cancellationToken).ConfigureAwait(false)
            : decision;
    }

    /// <summary>Makes the device known. Called for a first authenticator, and if this confirmation revoked the known devices.</summary>
    private async ValueTask<Decision<MfaChangeResult>> TrustDeviceAsync(
        Decision<MfaChangeResult> decision, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (record, token) = await Context.Secrets.TrustDeviceAsync(
            decision.Record!, RandomId.CreateGuid(), now, cancellationToken).ConfigureAwait(false);
        return decision with { Result = decision.Result.WithDevice(token), Record = record };
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
        var bound = (issued is null ? record.Revoke(removed) : record.WithNewSet(prepared!.Set)) with
        {
            Authenticators = [.. kept, Bind(pending, matched, now)],
            PendingEnrollment = null,
            NoticeOwedSince = record.IsEnabled ? record.NoticeOwedSince : now,
        };
        var begun = pending.ProvedBy == Guid.Empty
                ? bound with { TotpThrottle = FactorThrottle.Clean, RecoveryThrottle = FactorThrottle.Clean }
            : kept.Length == 0 ? bound with { TotpThrottle = bound.TotpThrottle.BindAgain() }
            : bound;
        return Decision.Save(
            new MfaChangeResult(MfaChangeOutcome.Succeeded, recoveryCodes: issued)
            {
                AuthenticatorId = pending.AuthenticatorId,
                TriesLeft = pending.TriesLeft,
            },
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
