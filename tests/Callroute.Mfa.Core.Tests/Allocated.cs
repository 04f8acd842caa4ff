namespace Callroute.Mfa.Core.Tests;

/// <summary>Measures the allocations of the current thread after code and static data are initialised.</summary>
internal static class Allocated
{
    private const int WarmUp = 20;
    private const int Rounds = 10;

    // The minimum of several rounds. After a collection that other tests cause, the unused rest of this thread's allocation buffer,
    // up to 8 KiB, counts as allocated. The allocations of the action itself are in every round.
    public static long By(Action action, int runs = 1)
    {
        Run(action, WarmUp);
        return Enumerable.Range(0, Rounds).Min(_ => ByOneRound(action, runs));
    }

    private static long ByOneRound(Action action, int runs)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(action, runs);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Run(Action action, int runs)
    {
        for (var i = 0; i < runs; i++)
        {
            action();
        }
    }
}
