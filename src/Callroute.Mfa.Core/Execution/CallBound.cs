using System.Collections.Concurrent;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Execution;

/// <summary>
/// Bounds how long a caller waits for an operation, whatever the store and its driver do. The bound ends the wait and not the work: what
/// has started to write runs to its end and raises its events. What has not is cancelled.
/// </summary>
internal sealed class CallBound(TimeSpan timeout, TimeProvider clock)
{
    // While a call of a subject is late, further calls of the subject end at once. Otherwise, retries would pile up behind a hung store.
    private readonly ConcurrentDictionary<MfaSubject, int> _late = new();

    /// <summary>Runs an operation.</summary>
    /// <param name="subject">The subject of the operation.</param>
    /// <param name="run">The operation. Its token is also cancelled when the wait ends.</param>
    /// <param name="refuse">Makes the result if the wait has ended, or throws the exception.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    public async ValueTask<T> WaitAsync<T>(
        MfaSubject subject,
        Func<CancellationToken, ValueTask<T>> run,
        Func<TimeoutException, T> refuse,
        CancellationToken cancellationToken)
    {
        if (_late.ContainsKey(subject))
        {
            return refuse(new TimeoutException("An earlier call for this subject has not ended yet. Try again later."));
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var work = run(stop.Token).AsTask();
        try
        {
            return await work.WaitAsync(timeout, clock, CancellationToken.None).ConfigureAwait(false);
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
        await stop.CancelAsync().ConfigureAwait(false);
        return refuse(new TimeoutException($"The call took longer than {timeout}; its outcome is unknown. Send the same request again."));
    }

    private void EndLate(MfaSubject subject)
    {
        // Remove the entry with the last late call, in one step: another call may become late meanwhile.
        while (_late.TryGetValue(subject, out var calls)
            && !(calls == 1 ? _late.TryRemove(new(subject, 1)) : _late.TryUpdate(subject, calls - 1, calls)))
        {
        }
    }
}
