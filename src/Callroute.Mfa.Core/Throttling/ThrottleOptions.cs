namespace Callroute.Mfa.Throttling;

/// <summary>Holds the settings that slow down and stop failures of one factor (NIST SP 800-63B-4 §3.2.2).</summary>
/// <remarks>
/// <para>
/// Failures are counted apart for known devices and for unknown devices, so that a stranger does not lock out the owner's own devices.
/// Each group has its own waits, lockout and allowance under the same settings.
/// </para>
/// <para>
/// Two measures apply at the same time. Consecutive failures lead to waits, which double from 30 s to 1 h, and finally to a lockout; a
/// success resets them. The failure allowance is regained over time. A sign-in gives back only its own typing errors, so it gives an
/// attacker no new guesses. Under any settings, 100 consecutive failures of both groups together lock the factor out on all devices, until
/// it is bound again or reset.
/// </para>
/// <para>Not thread-safe. <see cref="MfaService"/> checks and copies it.</para>
/// </remarks>
public sealed class ThrottleOptions
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(30);

    internal static readonly TimeSpan MaximumWait = TimeSpan.FromHours(1);

    /// <summary>The number of consecutive failures at which waits begin.</summary>
    /// <value>1–100; the default is 5.</value>
    public int FreeFailures { get; set; } = 5;

    /// <summary>
    /// The number of consecutive failures at which the factor is locked out for the group of devices. A lockout of unknown devices ends
    /// after 24 h. A lockout of known devices stays until an administrator unlocks it, or until the user recovers and binds again.
    /// </summary>
    /// <value>1–100; the default is 100, and 20 in <see cref="MfaOptions.TotpThrottle"/>. NIST allows no more than 100.</value>
    public int LockoutThreshold { get; set; } = 100;

    /// <summary>How many failures fit into the failure allowance of a group of devices. A success gives back only typing errors.</summary>
    /// <value>1–1000; the default is 30.</value>
    public int FailureAllowance { get; set; } = 30;

    /// <summary>The time until one failure of the allowance is regained.</summary>
    /// <value>1 min–30 days; the default is 3 days.</value>
    public TimeSpan AllowanceRegainInterval { get; set; } = TimeSpan.FromDays(3);

    /// <summary>The most wrong codes that one group of devices can check within a year.</summary>
    internal double FailuresPerYear => FailureAllowance + (TimeSpan.FromDays(365) / AllowanceRegainInterval);

    internal ThrottleOptions Copy() => (ThrottleOptions)MemberwiseClone();

    internal TimeSpan WaitAfter(int failures)
    {
        if (failures < FreeFailures)
        {
            return TimeSpan.Zero;
        }

        // 2^7 × 30 s is beyond the longest wait.
        var doubled = FirstWait.Ticks << Math.Min(failures - FreeFailures, 7);
        return TimeSpan.FromTicks(Math.Min(doubled, MaximumWait.Ticks));
    }
}
