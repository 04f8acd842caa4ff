using System.Collections.Concurrent;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Execution;

/// <summary>
/// Limits how long a caller waits for an operation, even if the store or its driver hangs. After that time the caller gets an answer, but
/// the operation goes on if it has started to write, and raises its events. If it has not, it is cancelled.
/// </summary>
internal sealed class CallBound(TimeSpan timeout, TimeProvider clock)
{
    // While a call of a subject is late, further calls of the subject end at once. Otherwise, retries would pile up behind a hung store.
    private readonly ConcurrentDictionary<MfaSubject, int> _late = new();

    private readonly Lock _turn = new();
    private Task _cancelled = Task.CompletedTask;

    /// <summary>Runs an operation.</summary>
    /// <param name="subject">The subject of the operation.</param>
    /// <param name="run">The operation. Its token is also cancelled when the wait ends.</param>
    /// <param name="refuse">Makes the result if the wait has ended, or throws the exception.</param>
    /// <param name="isUrgent">Whether the operation may run while an earlier call of the subject is late.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    public async ValueTask<T> WaitAsync<T>(
        MfaSubject subject,
        Func<CancellationToken, ValueTask<T>> run,
        Func<TimeoutException, T> refuse,
        bool isUrgent,
        CancellationToken cancellationToken)
    {
        if (!isUrgent && _late.ContainsKey(subject))
        {
            return refuse(new TimeoutException("An earlier call for this subject has not ended yet. Try again later."));
        }

        cancellationToken.ThrowIfCancellationRequested();
#pragma warning disable CA2000 // A late call still uses it. It holds nothing to dispose: no timer, no wait handle, no linked token.
        var stop = new CancellationTokenSource();
#pragma warning restore CA2000
        var work = run(stop.Token).AsTask();
        using var registration = cancellationToken.UnsafeRegister(_ => CancelInTurn(work, stop), null);
        try
        {
            return await work.WaitAsync(timeout, clock, CancellationToken.None).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
        catch (TimeoutException) when (!work.IsFaulted)
        {
            if (work.IsCompletedSuccessfully)
            {
                return await work.ConfigureAwait(false);
            }
        }

        MfaTelemetry.CountLateCall();
        _late.AddOrUpdate(subject, 1, (_, calls) => calls + 1);
        _ = work.ContinueWith(
            _ => EndLate(subject), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        CancelInTurn(work, stop);
        return refuse(new TimeoutException($"The call took longer than {timeout}; its outcome is unknown. Send the same request again."));
    }

    // One after the other: a driver may block the thread that cancels for as long as it takes to connect to the server again. If many calls
    // were cancelled at the same time, no thread would be left to answer other callers.
    private void CancelInTurn(Task work, CancellationTokenSource stop)
    {
        lock (_turn)
        {
            _cancelled = CancelAsync(_cancelled, work, stop);
        }
    }

    private async Task CancelAsync(Task earlier, Task work, CancellationTokenSource stop)
    {
        await earlier.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (!work.IsCompleted)
        {
            await Task.WhenAny(stop.CancelAsync(), Task.Delay(timeout, clock)).ConfigureAwait(false);
        }
    }

    private void EndLate(MfaSubject subject)
    {
        // Count down, and remove the entry at zero. Repeat if another call of the subject has changed the count meanwhile.
        while (_late.TryGetValue(subject, out var calls)
            && !(calls == 1 ? _late.TryRemove(new(subject, 1)) : _late.TryUpdate(subject, calls - 1, calls)))
        {
        }
    }
}
