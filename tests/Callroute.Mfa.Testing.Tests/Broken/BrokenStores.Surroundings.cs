using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Transactions;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Tests.Broken;

/// <summary>Stores that list wrongly, ignore cancellation, or join the caller's transaction.</summary>
internal static partial class BrokenStores
{
    /// <summary>Joins the caller's transaction: a rollback undoes its writes (Vikunja).</summary>
    public static AlteredStore EnlistingStore(IMfaStore data)
    {
        return new(data)
        {
            Write = async w =>
            {
                await UndoOnRollbackAsync(w.Subject);
                return await data.WriteAsync(w);
            },
            Delete = async d =>
            {
                await UndoOnRollbackAsync(d.Subject);
                return await data.DeleteAsync(d);
            },
        };

        async Task UndoOnRollbackAsync(MfaSubject subject)
        {
            var before = await data.FindAsync(subject);
            Transaction.Current?.TransactionCompleted += (_, e) => Undo(e.Transaction!, subject, before);
        }

        // The store in memory completes immediately.
        void Undo(Transaction ended, MfaSubject subject, StoredRecord? before)
        {
            if (ended.TransactionInformation.Status == TransactionStatus.Aborted)
            {
                RestoreAsync(data, subject, before).AsTask().GetAwaiter().GetResult();
            }
        }
    }

    private static ValueTask<bool> RestoreAsync(IMfaStore data, MfaSubject subject, StoredRecord? before) => before is null
        ? data.ForceDeleteAsync(subject)
        : data.ForceAsync(new(subject, before.Document, before.Version, null, CancellationToken.None));

    private static IEnumerable<BrokenStore> Scans() =>
    [
        OnScan("lists a thousand", all => all.Take(1000), "Scan_OverAThousand_ListsAll"),
        OnScan("lists each user once", all => all.DistinctBy(s => s.UserId), "Scan_OddSubjects_AreListedAsGiven"),
        OnScan(
            "lists without tenants",
            all => all.Select(s => new MfaSubject(s.UserId)),
            "Scan_OddSubjects_AreListedAsGiven", "Scan_OverAThousand_ListsAll"),
        On<ConcurrentDictionary<MfaSubject, bool>>(
            "lists the deleted",
            (data, known) => new AlteredStore(data)
            {
                Write = w => data.WriteAsync(w with { Subject = Remember(known, w.Subject, true) }),
                Scan = _ => known.Keys.ToAsyncEnumerable(),
            },
            "Scan_Deleted_IsNotListed", "Scan_CancelledToken_Throws"),
        On<ConcurrentDictionary<MfaSubject, long>>(
            "lists by row number",
            PageByOffset,
            "Scan_WhileListedAreDeleted_ListsTheRest", "Scan_WhileListedAreReplaced_ListsTheRest"),
        On(
            "lists what must not change",
            FailOnChange,
            "Scan_WhileListedAreReplaced_ListsTheRest", "Scan_WhileOthersAreCreated_ListsTheRest"),
        On("loses what a scan held", LeakConnections, "Scan_EndedEarly_HoldsNothing"),
    ];

    private static IEnumerable<BrokenStore> Surroundings() =>
    [
        On(
            "ignores cancellation",
            data => new AlteredStore(data)
            {
                Find = (subject, _) => data.FindAsync(subject, CancellationToken.None),
                Write = w => data.WriteAsync(w with { Token = CancellationToken.None }),
                Delete = d => data.DeleteAsync(d with { Token = CancellationToken.None }),
                Scan = _ => data.Subjects(CancellationToken.None),
            },
            "Cancelled_Find_Throws", "Cancelled_Create_ChangesNothing", "Cancelled_Replace_ChangesNothing",
            "Cancelled_Delete_ChangesNothing", "Scan_CancelledToken_Throws"),
        On(
            "checks for cancellation too late",
            data => new AlteredStore(data)
            {
                Write = async w => Return(await data.WriteAsync(w with { Token = CancellationToken.None }), w.Token),
                Delete = async d => Return(await data.DeleteAsync(d with { Token = CancellationToken.None }), d.Token),
            },
            "Cancelled_Create_ChangesNothing", "Cancelled_Replace_ChangesNothing", "Cancelled_Delete_ChangesNothing"),
        On(
            "joins the caller's transaction",
            EnlistingStore,
            "AmbientTransaction_RolledBack_KeepsTheCreate", "AmbientTransaction_RolledBack_KeepsTheReplacement",
            "AmbientTransaction_RolledBack_KeepsTheDelete"),
        OnWrite("waits for the caller's transaction", WriteWhenTheTransactionEndsAsync, "AmbientTransaction_Open_HidesNoWrite"),
    ];

    // The order of the rows changes with every write.
    private static AlteredStore PageByOffset(IMfaStore data, ConcurrentDictionary<MfaSubject, long> order)
    {
        long clock = 0;
        return new(data)
        {
            Write = async w =>
            {
                var isWritten = await data.WriteAsync(w);
                order[w.Subject] = Interlocked.Increment(ref clock);
                return isWritten;
            },
            Delete = d => order.TryRemove(d.Subject, out _) ? data.DeleteAsync(d) : new(false),
            Scan = _ => ListAsync(),
        };

        async IAsyncEnumerable<MfaSubject> ListAsync()
        {
            for (var offset = 0; offset == 0 || offset < order.Count; offset += 100)
            {
                foreach (var row in order.OrderBy(row => row.Value).Skip(offset).Take(100).ToArray())
                {
                    yield return row.Key;
                }

                await Task.Yield();
            }
        }
    }

    private static AlteredStore FailOnChange(IMfaStore data)
    {
        var writes = 0;
        return new(data)
        {
            Write = w =>
            {
                Interlocked.Increment(ref writes);
                return data.WriteAsync(w);
            },
            Scan = token =>
            {
                var before = writes;
                return data.Subjects(token)
                    .Select(subject => before == writes ? subject : throw new InvalidOperationException("Collection was modified."));
            },
        };
    }

    // It has a hundred connections, and releases one only when a scan runs to its end.
    private static AlteredStore LeakConnections(IMfaStore data)
    {
        var free = 100;
        return new(data) { Scan = token => ListAsync(token) };

        async IAsyncEnumerable<MfaSubject> ListAsync([EnumeratorCancellation] CancellationToken token)
        {
            if (Interlocked.Decrement(ref free) < 0)
            {
                throw new TimeoutException("The pool is empty.");
            }

            await foreach (var subject in data.Subjects(token))
            {
                yield return subject;
            }

            Interlocked.Increment(ref free);
        }
    }

    private static ValueTask<bool> WriteWhenTheTransactionEndsAsync(IMfaStore data, WriteCall w)
    {
        if (Transaction.Current is not { } transaction)
        {
            return data.WriteAsync(w);
        }

        var write = w with { Token = CancellationToken.None };
        transaction.TransactionCompleted += (_, _) => data.WriteAsync(write).AsTask().GetAwaiter().GetResult();
        return new(true);
    }

    private static bool Return(bool result, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        return result;
    }
}
