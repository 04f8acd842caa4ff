namespace Callroute.Mfa.Recovery;

/// <summary>Bounds how many hashes run at once and how many wait, so that attempts cannot exhaust memory or processors.</summary>
/// <remarks>Thread-safe. <see cref="Shared"/> is one for the whole process, whatever the number of hashers.</remarks>
#pragma warning disable CA1001 // A SemaphoreSlim whose wait handle is never asked for holds nothing to free, and a gate lives as long as its process.
public sealed class RecoveryHashGate
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _permits;
    private readonly int _capacity;
    private readonly TimeSpan _maximumWait;
    private readonly TimeProvider _timeProvider;
    private int _entered;

    /// <summary>Makes a gate.</summary>
    /// <param name="concurrency">How many may hash at once, 1–64.</param>
    /// <param name="queueLength">How many may wait, 0–10,000.</param>
    /// <param name="maximumWait">How long one waits before it is turned away, 0–1 min.</param>
    /// <param name="timeProvider">The clock of the wait; the system's by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public RecoveryHashGate(int concurrency, int queueLength, TimeSpan maximumWait, TimeProvider? timeProvider = null)
    {
        Concurrency = Guard.InRange(concurrency, 1, 64);
        _capacity = concurrency + Guard.InRange(queueLength, 0, 10_000);
        _maximumWait = Guard.InRange(maximumWait, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        _timeProvider = timeProvider ?? TimeProvider.System;
        _permits = new SemaphoreSlim(concurrency, concurrency);
    }

    /// <summary>The gate of the process: as many at once as there are processors, at most 4; 32 waiting, 2 s.</summary>
    public static RecoveryHashGate Shared { get; } = new(Math.Min(Environment.ProcessorCount, 4), 32, TimeSpan.FromSeconds(2));

    /// <summary>How many may hash at once.</summary>
    public int Concurrency { get; }

    /// <summary>Waits for a place.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether there is a place; it must be given back with <see cref="Leave"/>.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal async ValueTask<bool> TryEnterAsync(CancellationToken cancellationToken)
    {
        var entered = false;
        try
        {
            entered = Interlocked.Increment(ref _entered) <= _capacity && await WaitAsync(cancellationToken).ConfigureAwait(false);
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

    /// <summary>Gives a place back.</summary>
    /// <exception cref="SemaphoreFullException">More places were given back than taken.</exception>
    internal void Leave()
    {
        _permits.Release();
        Interlocked.Decrement(ref _entered);
    }

    private async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        if (_permits.Wait(0, CancellationToken.None))
        {
            return true;
        }

        using var timeout = new CancellationTokenSource(_maximumWait, _timeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await _permits.WaitAsync(both.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
