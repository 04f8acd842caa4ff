using System.Transactions;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Tests.Broken;

/// <summary>Takes part in the caller's transaction: a rollback takes its writes back.</summary>
internal sealed class EnlistingStore(InMemoryMfaStore data) : WrappedStore(data)
{
    public override async ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        await UndoOnRollbackAsync(subject);
        return await base.TryWriteAsync(subject, document, newVersion, expected, cancellationToken);
    }

    public override async ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default)
    {
        await UndoOnRollbackAsync(subject);
        return await base.TryDeleteAsync(subject, expected, cancellationToken);
    }

    private async Task UndoOnRollbackAsync(MfaSubject subject)
    {
        var before = await Data.FindAsync(subject);
        Transaction.Current?.EnlistVolatile(new Undo(() => RestoreAsync(subject, before).GetAwaiter().GetResult()), EnlistmentOptions.None);
    }

    private async Task<bool> RestoreAsync(MfaSubject subject, StoredRecord? before) =>
        before is null ? await ForceDeleteAsync(subject) : await ForceAsync(subject, before.Document, before.Version);

    private sealed class Undo(Action undo) : IEnlistmentNotification
    {
        public void Prepare(PreparingEnlistment preparingEnlistment) => preparingEnlistment.Prepared();

        public void Commit(Enlistment enlistment) => enlistment.Done();

        public void InDoubt(Enlistment enlistment) => enlistment.Done();

        public void Rollback(Enlistment enlistment)
        {
            undo();
            enlistment.Done();
        }
    }
}

/// <summary>Writes when the caller's transaction has ended, however it ends.</summary>
internal sealed class WaitingForTheEndStore(InMemoryMfaStore data) : WrappedStore(data)
{
    public override ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        if (Transaction.Current is not { } transaction)
        {
            return base.TryWriteAsync(subject, document, newVersion, expected, cancellationToken);
        }

        transaction.TransactionCompleted += (_, _) => base.TryWriteAsync(subject, document, newVersion, expected, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return new(true);
    }
}
