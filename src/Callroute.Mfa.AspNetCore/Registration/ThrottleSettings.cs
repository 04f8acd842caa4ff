using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Holds how failures of one factor are throttled, as configuration binds it. Each member says the same as in <see cref="ThrottlePolicy"/>.</summary>
/// <remarks>Not thread-safe; not changed after the start.</remarks>
public sealed class ThrottleSettings
{
    /// <inheritdoc cref="ThrottlePolicy.FreeFailures"/>
    public int FreeFailures { get; set; } = ThrottlePolicy.Recovery.FreeFailures;

    /// <inheritdoc cref="ThrottlePolicy.FirstWait"/>
    public TimeSpan FirstWait { get; set; } = ThrottlePolicy.Recovery.FirstWait;

    /// <inheritdoc cref="ThrottlePolicy.MaximumWait"/>
    public TimeSpan MaximumWait { get; set; } = ThrottlePolicy.Recovery.MaximumWait;

    /// <inheritdoc cref="ThrottlePolicy.SuspendAt"/>
    public int SuspendAt { get; set; } = ThrottlePolicy.Recovery.SuspendAt;

    /// <inheritdoc cref="ThrottlePolicy.BudgetSize"/>
    public int BudgetSize { get; set; } = ThrottlePolicy.Recovery.BudgetSize;

    /// <inheritdoc cref="ThrottlePolicy.BudgetRefill"/>
    public TimeSpan BudgetRefill { get; set; } = ThrottlePolicy.Recovery.BudgetRefill;

    internal ThrottlePolicy ToPolicy() => new()
    {
        FreeFailures = FreeFailures,
        FirstWait = FirstWait,
        MaximumWait = MaximumWait,
        SuspendAt = SuspendAt,
        BudgetSize = BudgetSize,
        BudgetRefill = BudgetRefill,
    };
}
