using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Conformance;

/// <summary>One run of a case: it opens and disposes the stores and reports what they did wrong.</summary>
internal sealed class Trial(
    StoreConformanceCase running, Func<CancellationToken, ValueTask<IMfaStore>> open, CancellationToken token) : IAsyncDisposable
{
    /// <summary>
    /// The number of tries of a write without a competitor. An engine may report a conflict anyway. Core retries the same number of times.
    /// </summary>
    public const int PatientTries = 20;

    private readonly List<IMfaStore> _opened = [];
    private volatile bool _hasFailed;

    public CancellationToken Token => token;

    /// <summary>Stops a task that retries until it succeeds: after the failure of another task it might retry forever.</summary>
    public void ThrowIfOver()
    {
        token.ThrowIfCancellationRequested();
        if (_hasFailed)
        {
            throw new OperationCanceledException("Another task of the case failed.");
        }
    }

    /// <summary>Opens another store on the same data.</summary>
    public async Task<IMfaStore> OpenAsync()
    {
        var store = await open(token).ConfigureAwait(false);
        _opened.Add(store);
        return store;
    }

    public async Task CloseAsync(IMfaStore store)
    {
        _opened.Remove(store);
        await EndAsync(store).ConfigureAwait(false);
    }

    public void Expect(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw Broken(otherwise);
        }
    }

    public StoreConformanceException Broken(string how) => new(running, how);

    public ValueTask<StoredRecord?> FindAsync(IMfaStore store, MfaSubject subject) => store.FindAsync(subject, token);

    public Task<bool> TryCreateAsync(IMfaStore store, Entry entry) => TryWriteAsync(store, entry, null);

    public Task<bool> TryReplaceAsync(IMfaStore store, Guid expected, Entry entry) => TryWriteAsync(store, entry, expected);

    public Task<bool> TryDeleteAsync(IMfaStore store, Entry entry) => store.TryDeleteAsync(entry.Subject, entry.Version, token).AsTask();

    public async Task CreateAsync(IMfaStore store, Entry entry) =>
        Expect(await TryCreateAsync(store, entry).ConfigureAwait(false), "A create without an existing document returned false.");

    public async Task<Entry> CreateNewAsync(IMfaStore store)
    {
        var entry = Entry.New();
        await CreateAsync(store, entry).ConfigureAwait(false);
        return entry;
    }

    public async Task ReplaceAsync(IMfaStore store, Entry from, Entry to) =>
        Expect(
            await TryReplaceAsync(store, from.Version, to).ConfigureAwait(false), "A replacement with the right version returned false.");

    public async Task DeleteAsync(IMfaStore store, Entry entry) =>
        Expect(await TryDeleteAsync(store, entry).ConfigureAwait(false), "A delete with the right version returned false.");

    public async Task ExpectStoredAsync(IMfaStore store, Entry entry)
    {
        var stored = await FindAsync(store, entry.Subject).ConfigureAwait(false);
        Expect(stored is not null, "No document was found, although one was written.");
        Expect(stored!.Version == entry.Version, "The version is not the one that was written last.");
        Expect(
            entry.IsIn(stored),
            "The document is not the one that was written last:"
            + $" {stored.Document.Length} bytes instead of {entry.Document.Length}, or other bytes.");
    }

    public async Task ExpectNothingAsync(IMfaStore store, MfaSubject subject) =>
        Expect(await FindAsync(store, subject).ConfigureAwait(false) is null, "A document was found, although there should be none.");

    /// <summary>Runs tasks that start at the same time.</summary>
    public async Task<T[]> AtOnceAsync<T>(int count, Func<int, Task<T>> run)
    {
        using var gate = new SemaphoreSlim(0);
        var tasks = Enumerable.Range(0, count).Select(i => Task.Run(
            async () =>
            {
                await gate.WaitAsync(token).ConfigureAwait(false);
                try
                {
                    return await run(i).ConfigureAwait(false);
                }
                catch
                {
                    _hasFailed = true;
                    throw;
                }
            },
            token)).ToArray();
        gate.Release(count);
        return await Task.WhenAll(tasks).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _opened)
        {
            await EndAsync(store).ConfigureAwait(false);
        }
    }

    private Task<bool> TryWriteAsync(IMfaStore store, Entry entry, Guid? expected) =>
        store.TryWriteAsync(entry.Subject, entry.Document, entry.Version, expected, token).AsTask();

    private static async Task EndAsync(IMfaStore store)
    {
        if (store is IAsyncDisposable asynchronous)
        {
            await asynchronous.DisposeAsync().ConfigureAwait(false);
        }
        else
        {
            (store as IDisposable)?.Dispose();
        }
    }
}
