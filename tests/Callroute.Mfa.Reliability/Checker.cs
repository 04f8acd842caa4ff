namespace Callroute.Mfa.Reliability;

/// <summary>Finds the calls of a history that break a rule.</summary>
/// <remarks>
/// A call that was unavailable or had no answer may have changed something, and may do so at any later time. Where that could explain what
/// is seen, nothing is found.
/// </remarks>
internal static class Checker
{
    /// <summary>The bound of a call.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(5);

    /// <summary>What the machine may add to the bound: it runs all nodes, all servers and all users.</summary>
    public static readonly TimeSpan Slack = TimeSpan.FromSeconds(1.5);

    /// <summary>The time in which everybody must be in after the fault.</summary>
    public static readonly TimeSpan Healing = TimeSpan.FromSeconds(60);

    /// <summary>Checks a whole history.</summary>
    /// <param name="calls">The calls.</param>
    /// <param name="healedAt">When the fault ended, in milliseconds; null to leave out <see cref="Rule.NotIn"/>.</param>
    public static IReadOnlyList<Finding> Check(IEnumerable<Call> calls, long? healedAt) =>
    [
        .. calls.GroupBy(call => call.User).OrderBy(user => user.Key, StringComparer.Ordinal)
            .SelectMany(user => new UserHistory([.. user.OrderBy(call => call.Start)]).Check(healedAt)),
    ];

    /// <summary>Whether the topology promises that the rule holds.</summary>
    public static bool IsPromised(Rule rule, Promises promises) => rule switch
    {
        Rule.Doubled => promises.SingleUse,
        Rule.Lost or Rule.Uncounted or Rule.WrongRefusal or Rule.NotIn => promises is { SingleUse: true, KeepsAcknowledged: true },
        _ => true,
    };
}
