using Callroute.Mfa.StoreProbe;

namespace Callroute.Mfa.Stores.Tests;

/// <summary>One user of a process that was killed: what was to be done, and what the user was told of it.</summary>
public sealed record CrashCase(Member Member, CrashOrder Order, CrashReport? Told)
{
    public bool WasDone => Told?.IsDone == true;

    public static CrashCase Of(Member member, CrashFlow flow, int call, CrashMoment moment, string text, string id) =>
        new(member, new CrashOrder(member.User.UserId, flow, call, moment, text, id), null);

    public override string ToString() => $"{Order.Flow}, {Order.Moment} call {Order.Call}, told {Told?.Told ?? "nothing"}";
}
