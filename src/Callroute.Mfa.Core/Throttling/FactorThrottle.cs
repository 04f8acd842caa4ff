using System.Text.Json.Serialization;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Throttling;

/// <summary>The failures of one factor: those of known devices, those of unknown devices, and all of them in a row. Immutable.</summary>
internal sealed record FactorThrottle : ExtensibleDocument
{
    /// <summary>The number of consecutive failures after which a factor must be bound again (NIST SP 800-63B-4 §3.2.2).</summary>
    private const int MaximumFailuresInARow = 100;

    // A lockout of known devices does not end by time: the guesser has a token of the user, and time does not change that.
    private static readonly TimeSpan UnknownDevicesLockout = TimeSpan.FromHours(24);

    public static FactorThrottle Clean { get; } = new();

    /// <summary>Failures on any device since the last success on any device. Neither time nor unlocking reduces it.</summary>
    public int FailuresOnAllDevices { get; init; }

    [JsonIgnore]
    public ThrottleState KnownDevices { get; init; } = ThrottleState.Clean;

    [JsonIgnore]
    public ThrottleState UnknownDevices { get; init; } = ThrottleState.Clean;

    /// <summary>The stored form: null for an empty state, so that most records do not contain it.</summary>
    [JsonInclude]
    [JsonPropertyName("knownDevices")]
    internal ThrottleState? StoredKnownDevices { get => Stored(KnownDevices); init => KnownDevices = value ?? ThrottleState.Clean; }

    /// <summary>As stored.</summary>
    [JsonInclude]
    [JsonPropertyName("unknownDevices")]
    internal ThrottleState? StoredUnknownDevices { get => Stored(UnknownDevices); init => UnknownDevices = value ?? ThrottleState.Clean; }

    /// <summary>Whether the factor is locked out on every device until it is bound again, or reset.</summary>
    [JsonIgnore]
    public bool NeedsNewBinding => FailuresOnAllDevices >= MaximumFailuresInARow;

    public ThrottleState At(DeviceGroup devices, ThrottleOptions policy, DateTimeOffset now) =>
        Of(devices).At(policy, LockoutOf(devices), now);

    /// <summary>Limits the times of both groups to the latest that they can be now. Returns the same instance if nothing changes.</summary>
    public FactorThrottle At(ThrottleOptions policy, DateTimeOffset now) =>
        With(DeviceGroup.Known, At(DeviceGroup.Known, policy, now)).With(DeviceGroup.Unknown, At(DeviceGroup.Unknown, policy, now));

    public bool IsLockedOut(DeviceGroup devices, ThrottleOptions policy, DateTimeOffset now) =>
        NeedsNewBinding || At(devices, policy, now).LockedOutAt is not null;

    /// <returns>How long codes are still refused without a check; zero if they are checked, null if time does not end it.</returns>
    public TimeSpan? WaitAt(DeviceGroup devices, ThrottleOptions policy, DateTimeOffset now)
    {
        var state = At(devices, policy, now);
        var wait = state.WaitAt(policy, now);
        var lockout = state.LockedOutAt is null ? TimeSpan.Zero : state.LockedOutAt + LockoutOf(devices) - now;
        return NeedsNewBinding || lockout is null ? null : lockout > wait ? lockout : wait;
    }

    /// <summary>Returns the same instance if nothing changes.</summary>
    public FactorThrottle With(DeviceGroup devices, ThrottleState state) => ReferenceEquals(Of(devices), state) ? this
        : devices == DeviceGroup.Known ? this with { KnownDevices = state }
        : this with { UnknownDevices = state };

    public FactorThrottle RecordFailure(DeviceGroup devices, ThrottleOptions policy, AttemptId? attempt, DateTimeOffset now) =>
        With(devices, At(devices, policy, now).RecordFailure(policy, attempt, now)) with
        {
            FailuresOnAllDevices = FailuresOnAllDevices + 1,
        };

    public FactorThrottle Succeed(DeviceGroup devices, ThrottleOptions policy, AttemptId? attempt, DateTimeOffset now) =>
        With(devices, Of(devices).Succeed(policy, attempt, now)) with { FailuresOnAllDevices = 0 };

    public FactorThrottle Refund(DeviceGroup devices, ThrottleOptions policy, ThrottleState before, ThrottleState failed) =>
        With(devices, Of(devices).Refund(policy, before, failed)) with { FailuresOnAllDevices = Math.Max(FailuresOnAllDevices - 1, 0) };

    public FactorThrottle RefundAllowance(DeviceGroup devices, ThrottleOptions policy, ThrottleState before, ThrottleState failed) =>
        With(devices, Of(devices).RefundAllowance(policy, before, failed));

    /// <summary>Ends waits and lockouts. Returns the same instance if nothing changes.</summary>
    public FactorThrottle Unlock() =>
        With(DeviceGroup.Known, KnownDevices.Unlock()).With(DeviceGroup.Unknown, UnknownDevices.Unlock());

    /// <summary>Begins anew for a factor that was bound again. The allowance stays: nobody can regain it by binding again.</summary>
    public FactorThrottle BindAgain() => Unlock() with { FailuresOnAllDevices = 0 };

    public ThrottleState Of(DeviceGroup devices) => devices == DeviceGroup.Known ? KnownDevices : UnknownDevices;

    private static ThrottleState? Stored(ThrottleState state) => state == ThrottleState.Clean ? null : state;

    private static TimeSpan? LockoutOf(DeviceGroup devices) => devices == DeviceGroup.Unknown ? UnknownDevicesLockout : null;
}
