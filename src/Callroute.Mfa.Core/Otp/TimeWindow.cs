namespace Callroute.Mfa.Otp;

/// <summary>Says how many time steps before and after the current one are accepted (RFC 6238 §5.2, §6).</summary>
/// <remarks>The default value is <see cref="Strict"/>. Equality compares both numbers.</remarks>
public readonly record struct TimeWindow
{
    /// <summary>The greatest number of steps each way, meant for resynchronisation: 50.</summary>
    public const int MaximumSteps = 50;

    /// <summary>Makes a window.</summary>
    /// <param name="past">Steps before the current one, 0–50.</param>
    /// <param name="future">Steps after the current one, 0–50.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not 0–50.</exception>
    public TimeWindow(int past, int future)
    {
        Past = Guard.InRange(past, 0, MaximumSteps);
        Future = Guard.InRange(future, 0, MaximumSteps);
    }

    /// <summary>One step each way: with a period of 30 s a code lives 90 s.</summary>
    public static TimeWindow OneStep { get; } = new(1, 1);

    /// <summary>The current step only.</summary>
    public static TimeWindow Strict => default;

    /// <summary>Steps before the current one.</summary>
    public int Past { get; }

    /// <summary>Steps after the current one.</summary>
    public int Future { get; }
}
