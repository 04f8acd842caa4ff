using System.Collections.Concurrent;
using Callroute.Mfa.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Callroute.Mfa.Testing.Tests.Broken;

/// <summary>Stores that fail when requests run at the same time, and caches.</summary>
internal static partial class BrokenStores
{
    private static string[] RacyCases =>
    [
        "Create_SixtyFourAtOnce_OneWins", "Replace_SixtyFourAtOnce_OneWins", "Delete_SixtyFourAtOnce_OneWins",
        "DeleteAndReplace_AtOnce_OneWins", "Replace_ManyCounting_LosesNothing", "CreateAndDelete_ManyTaking_HaveItOneByOne",
    ];

    /// <summary>Reads the version, compares it, and then writes: other requests can write in between (Gitea).</summary>
    public static AlteredStore ReadCheckWriteStore(IMfaStore data) => new(data)
    {
        Write = async w =>
        {
            var isRight = await data.VersionAsync(w.Subject, w.Token) == w.Expected;
            await RoundTrip.TakeAsync();
            return isRight && await data.ForceAsync(w);
        },
        Delete = async d =>
        {
            var isRight = await data.VersionAsync(d.Subject, d.Token) == d.Expected;
            await RoundTrip.TakeAsync();
            while (isRight && await data.FindAsync(d.Subject, d.Token) is not null)
            {
                await data.ForceDeleteAsync(d.Subject);
            }

            return isRight;
        },
    };

    /// <summary>
    /// A cache per process that compares versions itself and overwrites the writes of other processes (Dovecot's mistake).
    /// </summary>
    public static AlteredStore CachingStore(IMfaStore data)
    {
        var cache = new ConcurrentDictionary<MfaSubject, StoredRecord>();
        return new(data)
        {
            Find = FindAsync,
            Write = async w =>
            {
                if ((await FindAsync(w.Subject, w.Token))?.Version != w.Expected)
                {
                    return false;
                }

                cache[w.Subject] = new StoredRecord(w.Document.ToArray(), w.Version);
                return await data.ForceAsync(w);
            },
            Delete = async d => (await FindAsync(d.Subject, d.Token))?.Version == d.Expected
                && cache.TryRemove(d.Subject, out _)
                && await data.ForceDeleteAsync(d.Subject),
        };

        async ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken token) =>
            cache.TryGetValue(subject, out var cached) ? cached
            : await data.FindAsync(subject, token) is { } stored ? cache[subject] = stored
            : null;
    }

    /// <summary>Drops records that were not written for 60 s, as a cache does (Infisical).</summary>
    public static AlteredStore ExpiringStore(IMfaStore data, TimeProvider clock)
    {
        var written = new ConcurrentDictionary<MfaSubject, DateTimeOffset>();
        return new(data)
        {
            Find = async (subject, token) =>
            {
                if (written.TryGetValue(subject, out var time) && clock.GetUtcNow() - time >= TimeSpan.FromSeconds(60))
                {
                    await data.ForceDeleteAsync(subject);
                }

                return await data.FindAsync(subject, token);
            },
            Write = w => data.WriteAsync(w with { Subject = Remember(written, w.Subject, clock.GetUtcNow()) }),
        };
    }

    /// <summary>A cache per process: reads are up to 5 s late. Writes compare in the store, so the service must keep every rule.</summary>
    public static AlteredStore ReadCacheStore(IMfaStore data, TimeProvider clock)
    {
        var cache = new ConcurrentDictionary<MfaSubject, (StoredRecord Record, DateTimeOffset ReadAt)>();
        return new(data)
        {
            Find = async (subject, token) =>
            {
                if (cache.TryGetValue(subject, out var cached) && clock.GetUtcNow() - cached.ReadAt < TimeSpan.FromSeconds(5))
                {
                    return cached.Record;
                }

                var stored = await data.FindAsync(subject, token);
                return stored is null ? null : (cache[subject] = (stored, clock.GetUtcNow())).Record;
            },
            Write = async w =>
            {
                var isWritten = await data.WriteAsync(w);
                cache.TryRemove(w.Subject, out _);
                return isWritten;
            },
        };
    }

    private static IEnumerable<BrokenStore> Races() =>
    [
        On("deletes no more after three", StopDeleting, "CreateAndDelete_ManyTaking_HaveItOneByOne"),
        On("reads, checks, and writes", ReadCheckWriteStore, RacyCases),
        On("locks in each object", LockPerObject, RacyCases),
        On("denies writes that won", DenyEveryTenth, "Replace_ManyCounting_LosesNothing", "Replace_LongChain_ReadsEveryWrite"),
        OnWrite("deletes before it creates", DeleteThenCreateAsync, "Find_WhileOthersReplace_IsWholeAndNeverOlder"),
        On<ConcurrentDictionary<MfaSubject, byte[]>>("keeps documents elsewhere", Tear, "Find_WhileOthersReplace_IsWholeAndNeverOlder"),
        On("writes from one buffer", WriteFromOneBuffer, "Write_ManySubjectsAtOnce_KeepsThemApart"),
    ];

    private static IEnumerable<BrokenStore> Caches() =>
    [
        On("caches its first read for ever", data => CacheForEver(data, keepsNothing: false), "Replace_LongChain_ReadsEveryWrite"),
        On(
            "caches that there was nothing",
            data => CacheForEver(data, keepsNothing: true),
            "Find_OtherStoreThatFoundNothing_SeesTheCreate"),
        On("caches reads", data => ReadCacheStore(data, new FakeTimeProvider()), "Find_OtherStore_SeesEveryWriteAtOnce"),
        On("compares in its cache", CachingStore, "Find_OtherStore_SeesEveryWriteAtOnce"),
        On(
            "keeps data in each object",
            _ => new InMemoryMfaStore(),
            "Restart_AcknowledgedWrites_AreStored", "Find_OtherStore_SeesEveryWriteAtOnce", "Write_OtherStore_TakesTurns",
            "Find_OtherStoreThatFoundNothing_SeesTheCreate"),
        On<ConcurrentDictionary<MfaSubject, StoredRecord?>>(
            "reads from a copy that lags",
            Lag,
            "Find_OtherStore_SeesEveryWriteAtOnce", "Replace_LongChain_ReadsEveryWrite", "Create_Nothing_ReadsBack"),
        On<ConcurrentQueue<MfaSubject>>("has room for a thousand", Bound, "Records_OverAThousand_AllStay", "Scan_OverAThousand_ListsAll"),
    ];

    // The records that it leaves cannot be deleted. A case that waits for their deletion must stop.
    private static AlteredStore StopDeleting(IMfaStore data)
    {
        var deletes = 0;
        return new(data) { Delete = d => Interlocked.Increment(ref deletes) > 3 ? new(false) : data.DeleteAsync(d) };
    }

    private static AlteredStore LockPerObject(IMfaStore data)
    {
        var (store, turn) = (ReadCheckWriteStore(data), new SemaphoreSlim(1));
        return new(data) { Write = w => InTurnAsync(() => store.Write(w)), Delete = d => InTurnAsync(() => store.Delete(d)) };

        async ValueTask<bool> InTurnAsync(Func<ValueTask<bool>> call)
        {
            await turn.WaitAsync();
            try
            {
                return await call();
            }
            finally
            {
                turn.Release();
            }
        }
    }

    private static AlteredStore DenyEveryTenth(IMfaStore data)
    {
        var replaced = 0;
        return new(data)
        {
            Write = async w => await data.WriteAsync(w) && (w.Expected is null || Interlocked.Increment(ref replaced) % 10 > 0),
        };
    }

    private static async ValueTask<bool> DeleteThenCreateAsync(IMfaStore data, WriteCall w)
    {
        if (w.Expected is { } version)
        {
            if (!await data.TryDeleteAsync(w.Subject, version, w.Token))
            {
                return false;
            }

            await RoundTrip.TakeAsync();
        }

        return await data.WriteAsync(w with { Expected = null });
    }

    private static AlteredStore Tear(IMfaStore data, ConcurrentDictionary<MfaSubject, byte[]> documents) => new(data)
    {
        Find = async (subject, token) => await data.FindAsync(subject, token) is { } found
            ? new StoredRecord(documents.GetValueOrDefault(subject, []), found.Version)
            : null,
        Write = async w =>
        {
            var isWritten = await data.WriteAsync(w);
            await RoundTrip.TakeAsync();
            if (isWritten)
            {
                documents[w.Subject] = w.Document.ToArray();
            }

            return isWritten;
        },
    };

    private static AlteredStore WriteFromOneBuffer(IMfaStore data)
    {
        byte[] document = [];
        return new(data)
        {
            Write = async w =>
            {
                document = w.Document.ToArray();
                await RoundTrip.TakeAsync();
                return await data.WriteAsync(w with { Document = document });
            },
        };
    }

    private static AlteredStore CacheForEver(IMfaStore data, bool keepsNothing)
    {
        var cache = new ConcurrentDictionary<MfaSubject, StoredRecord?>();
        return new(data)
        {
            Find = async (subject, token) =>
            {
                if (cache.TryGetValue(subject, out var cached))
                {
                    return cached;
                }

                var found = await data.FindAsync(subject, token);
                return keepsNothing == found is null ? cache[subject] = found : found;
            },
        };
    }

    // The copy lacks the last write of each subject.
    private static AlteredStore Lag(IMfaStore data, ConcurrentDictionary<MfaSubject, StoredRecord?> copy) => new(data)
    {
        Find = (subject, _) => new(copy.GetValueOrDefault(subject)),
        Write = async w => await data.WriteAsync(w with { Subject = Remember(copy, w.Subject, await data.FindAsync(w.Subject)) }),
    };

    private static AlteredStore Bound(IMfaStore data, ConcurrentQueue<MfaSubject> order) => new(data)
    {
        Write = async w =>
        {
            var isWritten = await data.WriteAsync(w);
            if (isWritten && w.Expected is null)
            {
                order.Enqueue(w.Subject);
            }

            if (order.Count > 1000 && order.TryDequeue(out var oldest))
            {
                await data.ForceDeleteAsync(oldest);
            }

            return isWritten;
        },
    };
}
