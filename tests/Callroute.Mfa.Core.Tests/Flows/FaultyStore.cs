using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Tests.Flows;

/// <summary>Fails at one call, counted from one, in a chosen way.</summary>
internal sealed class FaultyStore(IMfaStore inner) : IMfaStore
{
    private int _calls;

    public enum Fault
    {
        ThrowBefore,
        ThrowAfterCommit,
        DeliverTwice,
    }

    public Fault Kind { get; set; }

    public int FailAt { get; set; } = int.MaxValue;

    public bool HasFailed { get; private set; }

    public FaultyStore FailingAt(int call)
    {
        FailAt = call;
        HasFailed = false;
        Restart();
        return this;
    }

    public void Restart() => _calls = 0;

    public ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        IsDue() && Kind != Fault.DeliverTwice ? throw new IOException("The store is away.") : inner.FindAsync(subject, cancellationToken);

    public ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, RecordVersion newVersion, RecordVersion? expected, CancellationToken cancellationToken = default) =>
        RunAsync(() => inner.TryWriteAsync(subject, document, newVersion, expected, cancellationToken));

    public ValueTask<bool> TryDeleteAsync(MfaSubject subject, RecordVersion expected, CancellationToken cancellationToken = default) =>
        RunAsync(() => inner.TryDeleteAsync(subject, expected, cancellationToken));

    private async ValueTask<bool> RunAsync(Func<ValueTask<bool>> call)
    {
        if (!IsDue())
        {
            return await call();
        }

        if (Kind == Fault.ThrowBefore)
        {
            throw new IOException("The store is away.");
        }

        await call();
        return Kind == Fault.DeliverTwice ? await call() : throw new TimeoutException("No answer from the store.");
    }

    private bool IsDue()
    {
        var isDue = Interlocked.Increment(ref _calls) == FailAt;
        HasFailed |= isDue;
        return isDue;
    }
}
