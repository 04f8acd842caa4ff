using Callroute.Mfa.Storage;

namespace Callroute.Mfa.StoreProbe;

/// <summary>Stops forever at one call: before it, during it, or after it.</summary>
public sealed class FailpointStore(IMfaStore inner, int failAt, CrashMoment moment, Task sendNow) : IMfaStore
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;

    /// <summary>Completes when the call has reached the point at which it stops.</summary>
    public Task Reached => _reached.Task;

    public ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        CallAsync(() => inner.FindAsync(subject, cancellationToken));

    public ValueTask<bool> TryWriteAsync(
        MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected,
        CancellationToken cancellationToken = default) =>
        CallAsync(() => inner.TryWriteAsync(subject, document, newVersion, expected, cancellationToken));

    public ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default) =>
        CallAsync(() => inner.TryDeleteAsync(subject, expected, cancellationToken));

    private async ValueTask<T> CallAsync<T>(Func<ValueTask<T>> call)
    {
        if (Interlocked.Increment(ref _calls) != failAt)
        {
            return await call();
        }

        if (moment == CrashMoment.After)
        {
            await call();
        }

        _reached.SetResult();
        if (moment == CrashMoment.During)
        {
            await sendNow;
            await call();
        }

        return await new TaskCompletionSource<T>().Task;
    }
}
