using System.Transactions;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>A store whose writes join the caller's transaction: a failed sign-in that is rolled back was never counted (Vikunja).</summary>
internal sealed class EnlistingStore(IMfaStore inner) : IMfaStore
{
    public ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) => inner.FindAsync(subject, cancellationToken);

    public async ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        var before = await inner.FindAsync(subject, cancellationToken);
        var isWritten = await inner.TryWriteAsync(subject, document, newVersion, expected, cancellationToken);
        if (isWritten)
        {
            Transaction.Current?.EnlistVolatile(new Undo(() => Restore(subject, newVersion, before)), EnlistmentOptions.None);
        }

        return isWritten;
    }

    public ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default) =>
        inner.TryDeleteAsync(subject, expected, cancellationToken);

    // The store in memory completes at once.
    private void Restore(MfaSubject subject, Guid written, StoredRecord? before) => _ = before is null
        ? inner.TryDeleteAsync(subject, written).AsTask().GetAwaiter().GetResult()
        : inner.TryWriteAsync(subject, before.Document, before.Version, written).AsTask().GetAwaiter().GetResult();

    private sealed class Undo(Action restore) : IEnlistmentNotification
    {
        public void Prepare(PreparingEnlistment preparingEnlistment) => preparingEnlistment.Prepared();

        public void Commit(Enlistment enlistment) => enlistment.Done();

        public void Rollback(Enlistment enlistment)
        {
            restore();
            enlistment.Done();
        }

        public void InDoubt(Enlistment enlistment) => enlistment.Done();
    }
}
