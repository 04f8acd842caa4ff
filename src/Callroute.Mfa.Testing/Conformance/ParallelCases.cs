using System.Globalization;
using System.Text;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Conformance;

/// <summary>
/// Cases for many writers at the same time, through two stores on the same data. A lock in one object does not pass them.
/// </summary>
internal static class ParallelCases
{
    private const int Writers = 64;
    private const int Rounds = 5;
    private const int ChainWorkers = 8;
    private const int ChainWritesEach = 16;

    public static IReadOnlyList<StoreConformanceCase> All { get; } =
    [
        new("Of 64 concurrent creates exactly one returns true, and its document is stored.", Create_SixtyFourAtOnce_OneWins),
        new(
            "Of 64 concurrent replacements of one version exactly one returns true, and its document is stored.",
            Replace_SixtyFourAtOnce_OneWins),
        new("Of 64 concurrent deletes exactly one returns true.", Delete_SixtyFourAtOnce_OneWins),
        new(
            "Of concurrent deletes and replacements of one version exactly one returns true, and the stored state agrees.",
            DeleteAndReplace_AtOnce_OneWins),
        new("A counter that many writers increment counts exactly the replacements that returned true.", Replace_ManyCounting_LosesNothing),
        new(
            "Of many writers that create and delete the same document, only one owns it at a time.",
            CreateAndDelete_ManyTaking_HaveItOneByOne),
        new(
            "A read returns the document and the version of one write, and never an older write than an earlier read.",
            Find_WhileOthersReplace_IsWholeAndNeverOlder),
        new("Concurrent writes of many subjects do not mix.", Write_ManySubjectsAtOnce_KeepsThemApart),
    ];

    private static async Task<IMfaStore[]> OpenTwoAsync(Trial trial) =>
        [await trial.OpenAsync().ConfigureAwait(false), await trial.OpenAsync().ConfigureAwait(false)];

    private static async Task Create_SixtyFourAtOnce_OneWins(Trial trial)
    {
        var stores = await OpenTwoAsync(trial).ConfigureAwait(false);
        for (var round = 0; round < Rounds; round++)
        {
            var first = Entry.New();
            await ExpectOneWinnerAsync(trial, stores, first, (store, entry) => trial.TryCreateAsync(store, entry)).ConfigureAwait(false);
        }
    }

    private static async Task Replace_SixtyFourAtOnce_OneWins(Trial trial)
    {
        var stores = await OpenTwoAsync(trial).ConfigureAwait(false);
        for (var round = 0; round < Rounds; round++)
        {
            var first = await trial.CreateNewAsync(stores[0]).ConfigureAwait(false);
            await ExpectOneWinnerAsync(
                trial, stores, first, (store, entry) => trial.TryReplaceAsync(store, first.Version, entry)).ConfigureAwait(false);
        }
    }

    private static async Task ExpectOneWinnerAsync(Trial trial, IMfaStore[] stores, Entry first, Func<IMfaStore, Entry, Task<bool>> write)
    {
        var entries = Enumerable.Range(0, Writers).Select(_ => first.Next()).ToArray();

        var answers = await trial.AtOnceAsync(Writers, i => write(stores[i % 2], entries[i])).ConfigureAwait(false);

        ExpectOneTrue(trial, answers);
        await trial.ExpectStoredAsync(stores[0], entries[Array.IndexOf(answers, true)]).ConfigureAwait(false);
    }

    private static async Task Delete_SixtyFourAtOnce_OneWins(Trial trial)
    {
        var stores = await OpenTwoAsync(trial).ConfigureAwait(false);
        for (var round = 0; round < Rounds; round++)
        {
            var entry = await trial.CreateNewAsync(stores[0]).ConfigureAwait(false);

            ExpectOneTrue(trial, await trial.AtOnceAsync(Writers, i => trial.TryDeleteAsync(stores[i % 2], entry)).ConfigureAwait(false));
            await trial.ExpectNothingAsync(stores[1], entry.Subject).ConfigureAwait(false);
        }
    }

    private static async Task DeleteAndReplace_AtOnce_OneWins(Trial trial)
    {
        var stores = await OpenTwoAsync(trial).ConfigureAwait(false);
        for (var round = 0; round < 4 * Rounds; round++)
        {
            var first = await trial.CreateNewAsync(stores[0]).ConfigureAwait(false);
            var next = Enumerable.Range(0, 8).Select(_ => first.Next()).ToArray();

            var answers = await trial.AtOnceAsync(2 * next.Length, i => i % 2 == 0
                ? trial.TryReplaceAsync(stores[i / 2 % 2], first.Version, next[i / 2])
                : trial.TryDeleteAsync(stores[i / 2 % 2], first)).ConfigureAwait(false);

            ExpectOneTrue(trial, answers);
            var winner = Array.IndexOf(answers, true);
            await (winner % 2 == 0
                ? trial.ExpectStoredAsync(stores[1], next[winner / 2])
                : trial.ExpectNothingAsync(stores[1], first.Subject)).ConfigureAwait(false);
        }
    }

    private static void ExpectOneTrue(Trial trial, bool[] answers)
    {
        var wins = answers.Count(won => won);
        trial.Expect(wins == 1, $"{wins} of them returned true.");
    }

    private static async Task Replace_ManyCounting_LosesNothing(Trial trial)
    {
        var stores = await OpenTwoAsync(trial).ConfigureAwait(false);
        var counter = Count(Entry.New(), 0);
        await trial.CreateAsync(stores[0], counter).ConfigureAwait(false);

        var chains = await trial.AtOnceAsync(ChainWorkers, i => RaiseAsync(trial, stores[i % 2], counter.Subject)).ConfigureAwait(false);

        var writes = chains.SelectMany(chain => chain).ToArray();
        trial.Expect(writes.Select(write => write.From).Distinct().Count() == writes.Length, "One version was replaced twice.");
        var last = await trial.FindAsync(stores[0], counter.Subject).ConfigureAwait(false);
        trial.Expect(last is not null && CountOf(last) == writes.Length, $"The counter is not {writes.Length}.");
        var neverReplaced = writes.Select(write => write.To).Append(counter.Version).Except(writes.Select(write => write.From));
        trial.Expect(neverReplaced.SequenceEqual([last!.Version]), "The stored version is not the end of the chain of versions.");
    }

    private static async Task<List<(Guid From, Guid To)>> RaiseAsync(Trial trial, IMfaStore store, MfaSubject subject)
    {
        List<(Guid From, Guid To)> done = [];
        while (done.Count < ChainWritesEach)
        {
            trial.ThrowIfOver();
            var current = await trial.FindAsync(store, subject).ConfigureAwait(false) ?? throw trial.Broken("The counter is gone.");
            var next = Count(Entry.For(subject), CountOf(current) + 1);
            if (await trial.TryReplaceAsync(store, current.Version, next).ConfigureAwait(false))
            {
                done.Add((current.Version, next.Version));
            }
        }

        return done;
    }

    private static async Task CreateAndDelete_ManyTaking_HaveItOneByOne(Trial trial)
    {
        var stores = await OpenTwoAsync(trial).ConfigureAwait(false);
        var subject = Entry.New().Subject;

        await trial.AtOnceAsync(ChainWorkers, i => TakeAsync(trial, stores[i % 2], subject)).ConfigureAwait(false);

        await trial.ExpectNothingAsync(stores[0], subject).ConfigureAwait(false);
    }

    private static async Task<int> TakeAsync(Trial trial, IMfaStore store, MfaSubject subject)
    {
        var taken = 0;
        while (taken < ChainWritesEach)
        {
            trial.ThrowIfOver();
            var mine = Entry.For(subject);
            if (await trial.TryCreateAsync(store, mine).ConfigureAwait(false))
            {
                taken++;
                await HoldAsync(trial, store, mine).ConfigureAwait(false);
                await trial.DeleteAsync(store, mine).ConfigureAwait(false);
            }

            await Task.Yield();
        }

        return taken;
    }

    // Hold the document long enough for the others to try.
    private static async Task HoldAsync(Trial trial, IMfaStore store, Entry mine)
    {
        for (var i = 0; i < ChainWorkers; i++)
        {
            await LetOthersRunAsync().ConfigureAwait(false);
            await trial.ExpectStoredAsync(store, mine).ConfigureAwait(false);
        }
    }

    // Task.Yield would not do: on a busy machine, one thread may go on with the task that it has just put aside.
    private static Task LetOthersRunAsync() => Task.Factory.StartNew(
        static () => { }, CancellationToken.None, TaskCreationOptions.PreferFairness, TaskScheduler.Default);

    private static async Task Find_WhileOthersReplace_IsWholeAndNeverOlder(Trial trial)
    {
        var stores = await OpenTwoAsync(trial).ConfigureAwait(false);
        var first = Count(Entry.New(), 0);
        await trial.CreateAsync(stores[0], first).ConfigureAwait(false);
        using var written = new CancellationTokenSource();

        await trial.AtOnceAsync(5, async i =>
        {
            if (i > 0)
            {
                await WatchAsync(trial, stores[i % 2], first.Subject, written.Token).ConfigureAwait(false);
                return true;
            }

            try
            {
                await CountUpAsync(trial, stores[0], first).ConfigureAwait(false);
            }
            finally
            {
                await written.CancelAsync().ConfigureAwait(false);
            }

            return true;
        }).ConfigureAwait(false);
    }

    private static async Task CountUpAsync(Trial trial, IMfaStore store, Entry current)
    {
        for (var i = 1; i <= 100; i++)
        {
            var next = Count(current.Next(), i);
            for (var tries = 1; !await trial.TryReplaceAsync(store, current.Version, next).ConfigureAwait(false); tries++)
            {
                trial.Expect(tries < Trial.PatientTries, "A replacement without a competitor failed in every try.");
            }

            current = next;
        }
    }

    private static async Task WatchAsync(Trial trial, IMfaStore store, MfaSubject subject, CancellationToken until)
    {
        for (var last = 0; !until.IsCancellationRequested;)
        {
            var read = await trial.FindAsync(store, subject).ConfigureAwait(false)
                ?? throw trial.Broken("Nothing was found while others wrote.");
            trial.Expect(
                Encoding.UTF8.GetString(read.Document.Span).EndsWith(read.Version.ToString(), StringComparison.Ordinal),
                "A document was returned with the version of another write.");
            trial.Expect(CountOf(read) >= last, "A read returned an older write than an earlier read.");
            last = CountOf(read);
        }
    }

    private static async Task Write_ManySubjectsAtOnce_KeepsThemApart(Trial trial)
    {
        var stores = await OpenTwoAsync(trial).ConfigureAwait(false);

        var results = await trial.AtOnceAsync(Writers, async i =>
        {
            var (first, store) = (Entry.New(), stores[i % 2]);
            await WinAsync(trial, () => trial.TryCreateAsync(store, first)).ConfigureAwait(false);
            var second = first.Next();
            await WinAsync(trial, () => trial.TryReplaceAsync(store, first.Version, second)).ConfigureAwait(false);
            return second;
        }).ConfigureAwait(false);

        foreach (var entry in results)
        {
            await trial.ExpectStoredAsync(stores[0], entry).ConfigureAwait(false);
        }
    }

    private static async Task WinAsync(Trial trial, Func<Task<bool>> write)
    {
        for (var tries = 1; !await write().ConfigureAwait(false); tries++)
        {
            trial.Expect(tries < Trial.PatientTries, "A write without a competitor failed in every try.");
        }
    }

    // The document contains its own version, so that a torn read is detected.
    private static Entry Count(Entry entry, int count) =>
        entry.With(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{count} {entry.Version}")));

    private static int CountOf(StoredRecord record) =>
        int.Parse(Encoding.UTF8.GetString(record.Document.Span).Split(' ')[0], CultureInfo.InvariantCulture);
}
