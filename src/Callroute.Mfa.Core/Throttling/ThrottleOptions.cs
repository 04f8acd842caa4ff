namespace Callroute.Mfa.Throttling;

/// <summary>Holds the settings that slow down and stop failures of one factor (NIST SP 800-63B-4 §3.2.2).</summary>
/// <remarks>
/// Two measures apply at the same time. Consecutive failures lead to waits and finally to a lockout; a success resets them. The failure
/// allowance is regained only over time, so a user's own sign-ins give an attacker no new guesses. Not thread-safe.
/// <see cref="MfaService"/> checks and copies it.
/// </remarks>
public sealed class ThrottleOptions
{
    /// <summary>The number of consecutive failures at which waits begin.</summary>
    /// <value>1–100; the default is 5.</value>
    public int FreeFailures { get; set; } = 5;

    /// <summary>The first wait. Every further failure doubles it.</summary>
    /// <value>1 s–1 h; the default is 30 s.</value>
    public TimeSpan FirstWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest wait.</summary>
    /// <value>1 s–24 h, not less than <see cref="FirstWait"/>; the default is 1 h.</value>
    public TimeSpan MaximumWait { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The number of consecutive failures at which the factor is locked out.</summary>
    /// <value>1–100; the default is 100, and 20 in <see cref="MfaOptions.TotpThrottle"/>. NIST allows no more than 100.</value>
    public int LockoutThreshold { get; set; } = 100;

    /// <summary>How many failures fit into the failure allowance, which a success does not restore.</summary>
    /// <value>1–1000; the default is 30.</value>
    public int FailureAllowance { get; set; } = 30;

    /// <summary>The time until one failure of the allowance is regained.</summary>
    /// <value>1 min–30 days; the default is 1 day.</value>
    public TimeSpan AllowanceRegainInterval { get; set; } = TimeSpan.FromDays(1);

    internal ThrottleOptions Copy() => (ThrottleOptions)MemberwiseClone();

    internal TimeSpan WaitAfter(int failures)
    {
        if (failures < FreeFailures)
        {
            return TimeSpan.Zero;
        }

        // 2^17 × 1 s is beyond the longest wait that can be set.
        var doubled = FirstWait.Ticks << Math.Min(failures - FreeFailures, 17);
        return TimeSpan.FromTicks(Math.Min(doubled, MaximumWait.Ticks));
    }
}
