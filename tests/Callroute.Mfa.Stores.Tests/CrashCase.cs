using Callroute.Mfa.StoreProbe;

namespace Callroute.Mfa.Stores.Tests;

/// <summary>
/// One user of a process that is killed: the call to make, the rules that must hold afterwards, and the answer that the user got.
/// </summary>
public sealed record CrashCase(EnrolledUser Member, CrashOrder Order, Func<StoreScenario, CrashCase, Task> Check, CrashReport? Told = null)
{
    public bool WasDone => Told?.Succeeded == true;

    public AttemptId Attempt => AttemptId.TryParse(Order.Id, out var attempt) ? attempt : throw new FormatException("No attempt.");

    public override string ToString() => $"{Order.Flow}, {Order.Moment} call {Order.Call}, told {Told?.Told ?? "nothing"}";
}
