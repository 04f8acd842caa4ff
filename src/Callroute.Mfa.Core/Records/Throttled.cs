using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Records;

/// <summary>How a record keeps one throttle a factor.</summary>
internal static class Throttled
{
    public static (ThrottlePolicy Policy, ThrottleState State) ThrottleOf(this MfaRecord record, MfaMethod method, MfaOptions options) =>
        method == MfaMethod.Totp ? (options.TotpThrottle, record.TotpThrottle) : (options.RecoveryThrottle, record.RecoveryThrottle);

    /// <summary>Returns the same instance where nothing changes.</summary>
    public static MfaRecord WithThrottle(this MfaRecord record, MfaMethod method, ThrottleState state)
    {
        var current = method == MfaMethod.Totp ? record.TotpThrottle : record.RecoveryThrottle;
        if (ReferenceEquals(current, state))
        {
            return record;
        }

        return method == MfaMethod.Totp ? record with { TotpThrottle = state } : record with { RecoveryThrottle = state };
    }

    /// <summary>Charges one failure, and tells what it led to.</summary>
    public static (MfaRecord Record, IReadOnlyList<MfaEvent> Events) Charge(this MfaRecord record, MfaMethod method, MfaOptions options, DateTimeOffset now)
    {
        var (policy, state) = record.ThrottleOf(method, options);
        var charged = state.Clamp(policy, now).Charge(policy, now);
        List<MfaEvent> events = [];
        if (charged.Failures == policy.FreeFailures)
        {
            events.Add(new MfaEvent { At = now, Kind = MfaEventKind.ThrottlingStarted, Method = method });
        }

        if (charged.LockedOutAt is not null && state.LockedOutAt is null)
        {
            events.Add(new MfaEvent { At = now, Kind = MfaEventKind.FactorLockedOut, Method = method });
        }

        return (record.WithThrottle(method, charged), events);
    }
}
