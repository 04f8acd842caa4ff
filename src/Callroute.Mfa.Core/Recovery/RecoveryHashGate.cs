using System.Collections.Concurrent;

namespace Callroute.Mfa.Recovery;

/// <summary>Limits how many hashes run at the same time and how many wait, so that attempts cannot exhaust memory or processors.</summary>
/// <remarks>Thread-safe.</remarks>
#pragma warning disable CA1001 // The wait handle of the semaphore is never used, so there is nothing to free.
internal sealed class RecoveryHashGate(int concurrency, int queueLength, TimeSpan maximumWait, TimeProvider timeProvider)
#pragma warning restore CA1001
{
    private static readonly ConcurrentDictionary<(int Concurrency, int QueueLength, TimeSpan MaximumWait), RecoveryHashGate> Gates = new();

    private readonly SemaphoreSlim _permits = new(concurrency, concurrency);
    private readonly int _capacity = concurrency + queueLength;
    private int _entered;

    /// <summary>Returns the gate of the process for these bounds. Services with equal bounds share one gate.</summary>
    public static RecoveryHashGate For(RecoveryOptions options) => Gates.GetOrAdd(
        (options.HashConcurrency, options.HashQueueLength, options.MaximumHashWait),
        bounds => new RecoveryHashGate(bounds.Concurrency, bounds.QueueLength, bounds.MaximumWait, TimeProvider.System));

    /// <summary>Waits for a place.</summary>
    /// <returns>Whether the caller has a place. Return it with <see cref="Leave"/>.</returns>
    public async ValueTask<bool> TryEnterAsync()
    {
        var entered = false;
        try
        {
            entered = Interlocked.Increment(ref _entered) <= _capacity && await WaitAsync().ConfigureAwait(false);
            return entered;
        }
        finally
        {
            if (!entered)
            {
                Interlocked.Decrement(ref _entered);
            }
        }
    }

    /// <summary>Returns a place.</summary>
    public void Leave()
    {
        _permits.Release();
        Interlocked.Decrement(ref _entered);
    }

    private async ValueTask<bool> WaitAsync()
    {
        if (_permits.Wait(0, CancellationToken.None))
        {
            return true;
        }

        using var timeout = new CancellationTokenSource(maximumWait, timeProvider);
        try
        {
            await _permits.WaitAsync(timeout.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
