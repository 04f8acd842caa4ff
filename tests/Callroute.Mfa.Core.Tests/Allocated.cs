namespace Callroute.Mfa.Tests;

/// <summary>Measures what the current thread allocates, once code and static data are warm.</summary>
internal static class Allocated
{
    private const int WarmUp = 50;

    public static long By(Action action, int runs = 1)
    {
        Run(action, WarmUp);
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
