using Callroute.Mfa.StoreProbe;

namespace Callroute.Mfa.Stores.Tests;

/// <summary>The point at which a process dies: before, during or after a call of the store.</summary>
public readonly record struct Failpoint(int Call, CrashMoment Moment)
{
    /// <summary>More calls than any flow makes, so that the process dies after the answer of the flow (T4).</summary>
    private const int MostCalls = 7;

    public static IReadOnlyList<Failpoint> All { get; } =
        [.. from call in Enumerable.Range(1, MostCalls) from moment in Enum.GetValues<CrashMoment>() select new Failpoint(call, moment)];

    public CrashCase Case(EnrolledUser member, CrashFlow flow, string text, string id, Func<StoreScenario, CrashCase, Task> check) =>
        new(member, new CrashOrder(member.User.UserId, flow, Call, Moment, text, id), check);
}
