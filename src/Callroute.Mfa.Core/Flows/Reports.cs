using System.Text.Json;
using Callroute.Mfa.Records;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Flows;

/// <summary>Tells what a record says, without secrets and hashes.</summary>
internal static class Reports
{
    public static MfaStatus Status(MfaRecord? record, MfaOptions options, DateTimeOffset now)
    {
        var pending = record?.PendingEnrollment;
        return new MfaStatus
        {
            IsEnabled = record?.IsEnabled ?? false,
            Authenticators = [.. (record?.Authenticators ?? []).Select(a => new AuthenticatorStatus(a.Id, a.Name, a.CreatedAt, a.LastUsedAt, a.Parameters))],
            EnrollmentExpiresAt = pending is not null && ConfirmEnrollment.Find(record, pending.EnrollmentId, now).Pending is not null ? pending.ExpiresAt : null,
            RecoveryCodesLeft = record?.RecoveryCodes?.Hashes.Count ?? 0,
            AreRecoveryCodesAcknowledged = record?.RecoveryCodes?.IsAcknowledged ?? false,
            HasPendingRecoveryCodes = record?.PendingRecoveryCodes is not null,
            Totp = Factor(record?.TotpThrottle ?? ThrottleState.Clean, options.TotpThrottle, now),
            Recovery = Factor(record?.RecoveryThrottle ?? ThrottleState.Clean, options.RecoveryThrottle, now),
            RecentEvents = [.. record?.Events ?? EventHistory.Empty],
        };
    }

    public static string Export(MfaSubject subject, MfaStatus status) =>
        JsonSerializer.Serialize(new MfaExport(subject, status), MfaExportJson.Default.MfaExport);

    private static FactorStatus Factor(ThrottleState state, ThrottlePolicy policy, DateTimeOffset now)
    {
        var wait = state.Clamp(policy, now).WaitAt(policy, now);
        return new FactorStatus(state.Failures, wait > TimeSpan.Zero ? wait : null, state.LockedOutAt is not null);
    }
}
