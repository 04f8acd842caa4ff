using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Core.Tests.Execution;

/// <summary>Runs a flow repeatedly, each time with the fault one call later, until it completes without a fault.</summary>
internal sealed class FaultLoop
{
    private const int MostCalls = 60;

    private readonly FaultInjectingStore _store = FaultInjectingStore.Around(new InMemoryMfaStore());
    private readonly StoreFault _fault;
    private readonly int _failAt;

    private FaultLoop(StoreFault fault, int failAt) => (_fault, _failAt) = (fault, failAt);

    public bool IsStaleRead => _fault == StoreFault.StaleRead;

    public static async Task RunAsync(StoreFault fault, Func<Scenario, FaultLoop, Task> run)
    {
        for (var failAt = 1; ; failAt++)
        {
            var loop = new FaultLoop(fault, failAt);
            await run(new Scenario(store: loop._store), loop);
            if (!loop._store.HasFired)
            {
                // The fault must have happened before, but not in the last run.
                Assert.InRange(failAt, 2, MostCalls);
                return;
            }
        }
    }

    /// <summary>Makes one call to the store fail.</summary>
    /// <returns>The answer; null if the call threw the exception of the store.</returns>
    public async Task<T?> TryAsync<T>(Func<Task<T>> call)
        where T : class?
    {
        _store.Arm(_fault, _failAt);
        try
        {
            return await call();
        }
        catch (Exception exception) when (exception is IOException or TimeoutException)
        {
            return null;
        }
        finally
        {
            _store.Disarm();
        }
    }
}
