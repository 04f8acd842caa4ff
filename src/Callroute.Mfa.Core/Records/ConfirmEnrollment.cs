using Callroute.Mfa.Otp;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Records;

/// <summary>
/// Decides about the first code of a new authenticator. A right one binds it and is consumed, removes what it replaces,
/// and issues recovery codes where there are none; until then everything that was bound before works.
/// </summary>
internal static class ConfirmEnrollment
{
    /// <returns>The enrolment that the id names, or why there is none.</returns>
    public static (PendingEnrollment? Pending, MfaChangeOutcome Refusal) Find(MfaRecord? record, Guid enrollmentId, DateTimeOffset now)
    {
        if (record?.PendingEnrollment is not { } pending || pending.EnrollmentId != enrollmentId)
        {
            return (null, MfaChangeOutcome.NotFound);
        }

        // A clock that went back must not make an enrolment live longer than it was given.
        var isDue = now < pending.ExpiresAt && pending.CreatedAt - now < pending.ExpiresAt - pending.CreatedAt && pending.TriesLeft > 0;
        return isDue ? (pending, default) : (null, MfaChangeOutcome.Expired);
    }

    /// <param name="record">The record.</param>
    /// <param name="pending">What <see cref="Find"/> found in this record.</param>
    /// <param name="match">Where the code belongs; null for a wrong one.</param>
    /// <param name="prepared">Recovery codes to issue where there are none; null where the record has some.</param>
    /// <param name="now">The server's time.</param>
    public static Decision<Confirmation> Decide(MfaRecord record, PendingEnrollment pending, TotpMatch? match, PreparedRecoveryCodes? prepared, DateTimeOffset now)
    {
        if (match is not { } matched)
        {
            return Miss(record, pending);
        }

        // Only a recovery code lifts a suspension.
        var isLockedOut = record.TotpThrottle.LockedOutAt is not null;
        if (record.IsEnabled && isLockedOut && pending.ProvedBy != Guid.Empty)
        {
            return Decision.Keep(new Confirmation(MfaChangeOutcome.ProofRefused, pending.TriesLeft));
        }

        var kept = record.Authenticators.Where(a => !isLockedOut && a.Id != pending.Replaces).ToArray();
        var removed = record.Authenticators.Except(kept).ToArray();
        var issued = record.RecoveryCodes is null ? prepared?.Issued : null;
        var bound = (issued is null ? record.Revoke(removed) : record.WithNewSet(prepared!.Set)) with
        {
            Authenticators = [.. kept, Bind(pending, matched, now)],
            PendingEnrollment = null,
            // Where no older authenticator is left, its failures are over too.
            TotpThrottle = kept.Length == 0 ? record.TotpThrottle.Succeed() : record.TotpThrottle,
        };
        return Decision.Write(new Confirmation(MfaChangeOutcome.Succeeded, pending.TriesLeft, pending.AuthenticatorId, issued), bound, [.. Events(pending, removed, issued, now)]);
    }

    // Input of the wrong form is no guess, so it is answered before this and not charged.
    private static Decision<Confirmation> Miss(MfaRecord record, PendingEnrollment pending)
    {
        var left = pending.TriesLeft - 1;
        return Decision.WriteKeepingRedelivery(
            new Confirmation(MfaChangeOutcome.WrongCode, left),
            record with { PendingEnrollment = pending with { TriesLeft = left } });
    }

    private static AuthenticatorRecord Bind(PendingEnrollment pending, TotpMatch match, DateTimeOffset now) => new()
    {
        Id = pending.AuthenticatorId,
        Name = pending.Name,
        ProtectedSecret = pending.ProtectedSecret,
        Parameters = pending.Parameters,
        Watermark = match.TimeStep,
        CreatedAt = now,
        LastUsedAt = now,
    };

    private static IEnumerable<MfaEvent> Events(PendingEnrollment pending, IEnumerable<AuthenticatorRecord> removed, IssuedRecoveryCodes? issued, DateTimeOffset now)
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
