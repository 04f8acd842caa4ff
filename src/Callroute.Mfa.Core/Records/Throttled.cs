using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Records;

/// <summary>The throttle of each factor in a record.</summary>
internal static class Throttled
{
    public static (ThrottleOptions Policy, FactorThrottle Throttle) ThrottleOf(
        this MfaRecord record, MfaMethod method, MfaOptions options) =>
        method == MfaMethod.Totp ? (options.TotpThrottle, record.TotpThrottle) : (options.RecoveryThrottle, record.RecoveryThrottle);

    public static bool IsLockedOut(this MfaRecord record, MfaMethod method, DeviceGroup devices, MfaOptions options, DateTimeOffset now)
    {
        var (policy, throttle) = record.ThrottleOf(method, options);
        return throttle.IsLockedOut(devices, policy, now);
    }

    /// <summary>Returns the same instance if nothing changes.</summary>
    public static MfaRecord WithThrottle(this MfaRecord record, MfaMethod method, FactorThrottle throttle)
    {
        var current = method == MfaMethod.Totp ? record.TotpThrottle : record.RecoveryThrottle;
        if (ReferenceEquals(current, throttle))
        {
            return record;
        }

        return method == MfaMethod.Totp ? record with { TotpThrottle = throttle } : record with { RecoveryThrottle = throttle };
    }

    /// <summary>Records one failure.</summary>
    /// <returns>The record, and the events that the failure led to.</returns>
    public static (MfaRecord Record, IReadOnlyList<MfaEvent> Events) RecordFailure(
        this MfaRecord record, MfaMethod method, DeviceGroup devices, AttemptId? attempt, MfaOptions options, DateTimeOffset now)
    {
        var (policy, throttle) = record.ThrottleOf(method, options);
        var before = throttle.At(devices, policy, now);
        var failed = throttle.RecordFailure(devices, policy, attempt, now);
        var after = failed.Of(devices);
        (MfaEventKind Kind, bool Began)[] consequences =
        [
            (MfaEventKind.ThrottlingStarted, after.Failures == policy.FreeFailures),
            (MfaEventKind.FactorLockedOut,
                (after.LockedOutAt is not null && before.LockedOutAt is null) || (failed.NeedsNewBinding && !throttle.NeedsNewBinding)),
            (MfaEventKind.AllowanceUsedUp, after.IsUsedUpReported && !before.IsUsedUpReported),
        ];
        var events = consequences.Where(c => c.Began).Select(c => new MfaEvent { At = now, Kind = c.Kind, Method = method });
        return (record.WithThrottle(method, failed), [.. events]);
    }
}
