using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Records;

/// <summary>The throttle of each factor in a record.</summary>
internal static class Throttled
{
    public static (ThrottleOptions Policy, ThrottleState State) ThrottleOf(this MfaRecord record, MfaMethod method, MfaOptions options) =>
        method == MfaMethod.Totp ? (options.TotpThrottle, record.TotpThrottle) : (options.RecoveryThrottle, record.RecoveryThrottle);

    /// <summary>Returns the same instance if nothing changes.</summary>
    public static MfaRecord WithThrottle(this MfaRecord record, MfaMethod method, ThrottleState state)
    {
        var current = method == MfaMethod.Totp ? record.TotpThrottle : record.RecoveryThrottle;
        if (ReferenceEquals(current, state))
        {
            return record;
        }

        return method == MfaMethod.Totp ? record with { TotpThrottle = state } : record with { RecoveryThrottle = state };
    }

    /// <summary>Records one failure.</summary>
    /// <returns>The record, and the events that the failure led to.</returns>
    public static (MfaRecord Record, IReadOnlyList<MfaEvent> Events) RecordFailure(
        this MfaRecord record, MfaMethod method, MfaOptions options, DateTimeOffset now)
    {
        var (policy, state) = record.ThrottleOf(method, options);
        var failed = state.Clamp(policy, now).RecordFailure(policy, now);
        List<MfaEvent> events = [];
        if (failed.Failures == policy.FreeFailures)
        {
            events.Add(new MfaEvent { At = now, Kind = MfaEventKind.ThrottlingStarted, Method = method });
        }

        if (failed.LockedOutAt is not null && state.LockedOutAt is null)
        {
            events.Add(new MfaEvent { At = now, Kind = MfaEventKind.FactorLockedOut, Method = method });
        }

        return (record.WithThrottle(method, failed), events);
    }
}
