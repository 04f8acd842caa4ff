using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Tests.Zoo.Bench;

/// <summary>Touches the fault point before and after every call of a store.</summary>
internal sealed class TouchingStore(IMfaStore inner, FaultPoint faults) : IMfaStore
{
    public ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        RunAsync(() => inner.FindAsync(subject, cancellationToken));

    public ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default) =>
        RunAsync(() => inner.TryWriteAsync(subject, document, newVersion, expected, cancellationToken));

    public ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default) =>
        RunAsync(() => inner.TryDeleteAsync(subject, expected, cancellationToken));

    private async ValueTask<T> RunAsync<T>(Func<ValueTask<T>> call)
    {
        faults.Touch();
        var answer = await call();
        faults.Touch();
        return answer;
    }
}
