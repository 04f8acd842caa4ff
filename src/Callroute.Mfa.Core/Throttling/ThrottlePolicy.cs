namespace Callroute.Mfa.Throttling;

/// <summary>Says how failures of one factor are slowed down and stopped (NIST SP 800-63B-4 §3.2.2).</summary>
/// <remarks>
/// Two measures side by side. Consecutive failures lead to waits and at last to suspension; a success ends them. The
/// budget refills with time alone, so a user's own sign-ins do not refill an attacker's guesses. Immutable and
/// thread-safe; every property is checked where it is set.
/// </remarks>
public sealed record ThrottlePolicy
{
    /// <summary>The policy for codes of authenticator apps: suspended at 20 failures.</summary>
    public static ThrottlePolicy Totp { get; } = new() { SuspendAt = 20 };

    /// <summary>The policy for recovery codes: suspended at 100 failures.</summary>
    public static ThrottlePolicy Recovery { get; } = new();

    /// <summary>How many consecutive failures there are before the first wait.</summary>
    /// <value>1–100; the default is 5.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 1–100.</exception>
    public int FreeFailures { get; init => field = Guard.InRange(value, 1, 100, nameof(FreeFailures)); } = 5;

    /// <summary>The first wait; every further failure doubles it.</summary>
    /// <value>1 s–1 h; the default is 30 s.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 1 s–1 h.</exception>
    public TimeSpan FirstWait { get; init => field = Guard.InRange(value, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), nameof(FirstWait)); } = TimeSpan.FromSeconds(30);

    /// <summary>The longest wait.</summary>
    /// <value>1 s–24 h, not less than <see cref="FirstWait"/>; the default is 1 h.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 1 s–24 h.</exception>
    public TimeSpan MaximumWait { get; init => field = Guard.InRange(value, TimeSpan.FromSeconds(1), TimeSpan.FromHours(24), nameof(MaximumWait)); } = TimeSpan.FromHours(1);

    /// <summary>The number of consecutive failures at which the factor is suspended.</summary>
    /// <value>1–100; the default is 100, and 20 in <see cref="Totp"/>. NIST allows no more than 100.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 1–100.</exception>
    public int SuspendAt { get; init => field = Guard.InRange(value, 1, 100, nameof(SuspendAt)); } = 100;

    /// <summary>How many failures fit into the budget, which success does not reset.</summary>
    /// <value>1–1,000; the default is 30.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 1–1,000.</exception>
    public int BudgetSize { get; init => field = Guard.InRange(value, 1, 1000, nameof(BudgetSize)); } = 30;

    /// <summary>How long it takes until one failure of the budget is given back.</summary>
    /// <value>1 min–30 days; the default is 1 day.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 1 min–30 days.</exception>
    public TimeSpan BudgetRefill { get; init => field = Guard.InRange(value, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30), nameof(BudgetRefill)); } = TimeSpan.FromDays(1);

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
