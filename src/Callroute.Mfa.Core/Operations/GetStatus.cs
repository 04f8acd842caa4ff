using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Operations;

/// <summary>Reports the content of the record without secrets and hashes.</summary>
internal sealed class GetStatus(OperationContext context, MfaSubject subject) : Operation<MfaStatus>(context, subject)
{
    protected override async ValueTask<Decision<MfaStatus>> ExecuteAsync(CancellationToken cancellationToken)
    {
        var record = await Context.Records.FindAsync(Subject, cancellationToken).ConfigureAwait(false);
        return Decision.NoChange(Of(record, Options, Context.Now));
    }

    internal static MfaStatus Of(MfaRecord? record, MfaOptions options, DateTimeOffset now)
    {
        var pending = record?.PendingEnrollment;
        return new MfaStatus
        {
            IsEnabled = record?.IsEnabled ?? false,
            Authenticators = [.. (record?.Authenticators ?? []).Select(Of)],
            EnrollmentExpiresAt = pending?.IsOpen(now) == true ? pending.ExpiresAt : null,
            RecoveryCodesLeft = record?.RecoveryCodes?.Tags.Count ?? 0,
            AreRecoveryCodesAcknowledged = record?.RecoveryCodes?.IsAcknowledged ?? false,
            HasPendingRecoveryCodes = record?.PendingRecoveryCodes is not null,
            Totp = Of(record?.TotpThrottle ?? ThrottleState.Clean, options.TotpThrottle, now),
            Recovery = Of(record?.RecoveryThrottle ?? ThrottleState.Clean, options.RecoveryThrottle, now),
            RecentEvents = [.. record?.Events ?? EventHistory.Empty],
        };
    }

    private static AuthenticatorStatus Of(AuthenticatorRecord a) => new(a.Id, a.Name, a.CreatedAt, a.LastUsedAt, a.Parameters);

    private static FactorStatus Of(ThrottleState state, ThrottleOptions policy, DateTimeOffset now)
    {
        var wait = state.Clamp(policy, now).WaitAt(policy, now);
        return new FactorStatus(state.Failures, wait > TimeSpan.Zero ? wait : null, state.LockedOutAt is not null);
    }
}
