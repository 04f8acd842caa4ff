using System.Collections.Concurrent;

namespace Callroute.Mfa.Recovery;

/// <summary>Limits how many hashes run at the same time and how many wait, so that attempts cannot exhaust memory or processors.</summary>
/// <remarks>Thread-safe.</remarks>
#pragma warning disable CA1001 // The wait handle of the semaphore is never used, so there is nothing to free.
internal sealed class RecoveryHashGate(int concurrency, int queueLength, TimeSpan maximumWait, TimeProvider timeProvider)
#pragma warning restore CA1001
{
    private static readonly ConcurrentDictionary<(int Concurrency, int QueueLength, TimeSpan MaximumWait), RecoveryHashGate> Gates = new();

    // The requests of one subject take their turns, so that they cannot take the places of all others.
    private readonly ConcurrentDictionary<MfaSubject, TaskCompletionSource> _turns = new();

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

    /// <summary>Waits until no other request of the subject has the turn.</summary>
    /// <returns>The turn, which ends when it is disposed; null if the wait took too long.</returns>
    public async ValueTask<IDisposable?> TryTakeTurnAsync(MfaSubject subject)
    {
        var own = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var timeout = new CancellationTokenSource(maximumWait, timeProvider);
        while (_turns.GetOrAdd(subject, own) is var current && current != own)
        {
            try
            {
                await current.Task.WaitAsync(timeout.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }

        return new Turn(() =>
        {
            _turns.TryRemove(subject, out _);
            own.TrySetResult();
        });
    }

    private sealed class Turn(Action end) : IDisposable
    {
        public void Dispose() => end();
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
