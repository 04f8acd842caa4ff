using System.Security.Cryptography;

namespace Callroute.Mfa.Testing.Conformance;

/// <summary>Documents are bytes.</summary>
internal static class DocumentCases
{
    private const int OneMebibyte = 1 << 20;

    private static readonly byte[] EveryByte = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

    // A byte order mark in front; overlong, cut and surrogate sequences; what a text column trims at the end.
    private static readonly byte[] NoText = [0xEF, 0xBB, 0xBF, 0xC0, 0x80, 0xED, 0xA0, 0x80, 0xF5, 0xFF, 0xE2, 0x82, (byte)'\r', (byte)'\n', (byte)' ', 0];

    private static readonly byte[] OddJson = [.. " { \"b\" : 1.0e0,\n\t\"a\":\"\\u0041\", \"b\":2 } "u8];

    public static IReadOnlyList<StoreConformanceCase> All { get; } =
    [
        RoundTrip("Document_Empty_ReadsBack", "A document of no bytes is a document.", () => []),
        RoundTrip("Document_EveryByte_ReadsBack", "Every byte value is kept, zero included.", () => EveryByte),
        RoundTrip("Document_NoValidText_ReadsBack", "Bytes that are no UTF-8 are kept, also blanks, line ends and zeros at the end.", () => NoText),
        RoundTrip("Document_OddJson_ReadsBack", "JSON is kept as it was written: layout, order and repeated members included.", () => OddJson),
        RoundTrip("Document_OneMebibyte_ReadsBack", "A document of 1 MiB is kept whole.", () => RandomNumberGenerator.GetBytes(OneMebibyte)),
        new(nameof(Document_ShorterThanBefore_ReadsBack), "Nothing of a longer document is left by a shorter one.", Document_ShorterThanBefore_ReadsBack),
        new(nameof(Document_BufferReused_StaysAsWritten), "The caller may reuse its buffer when the write has ended.", Document_BufferReused_StaysAsWritten),
        new(nameof(Document_PartOfABuffer_ReadsBackAlone), "Of a buffer, the part that was given is written.", Document_PartOfABuffer_ReadsBackAlone),
        new(nameof(Document_ReadBefore_StaysAsRead), "What was read does not change when the store goes on.", Document_ReadBefore_StaysAsRead),
    ];

    private static StoreConformanceCase RoundTrip(string name, string promise, Func<byte[]> document) => new(name, promise, async trial =>
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var created = Entry.New().With(document());
        await trial.CreateAsync(store, created).ConfigureAwait(false);
        await trial.ExpectStoredAsync(store, created).ConfigureAwait(false);

        var between = created.Next();
        await trial.SwapAsync(store, created, between).ConfigureAwait(false);
        var swapped = created.Next().With(document());
        await trial.SwapAsync(store, between, swapped).ConfigureAwait(false);
        await trial.ExpectStoredAsync(store, swapped).ConfigureAwait(false);
    });

    private static async Task Document_ShorterThanBefore_ReadsBack(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var current = await trial.CreateNewAsync(store).ConfigureAwait(false);
        foreach (var length in (int[])[5000, 3, 300, 0, 10])
        {
            var next = current.Next().With(RandomNumberGenerator.GetBytes(length));
            await trial.SwapAsync(store, current, next).ConfigureAwait(false);
            await trial.ExpectStoredAsync(store, next).ConfigureAwait(false);
            current = next;
        }
    }

    private static async Task Document_BufferReused_StaysAsWritten(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var buffer = RandomNumberGenerator.GetBytes(600);
        var created = Entry.New().With(buffer);
        await trial.CreateAsync(store, created).ConfigureAwait(false);
        await ExpectAfterReuseAsync(trial, store, created, buffer).ConfigureAwait(false);

        RandomNumberGenerator.Fill(buffer);
        var swapped = created.Next().With(buffer);
        await trial.SwapAsync(store, created, swapped).ConfigureAwait(false);
        await ExpectAfterReuseAsync(trial, store, swapped, buffer).ConfigureAwait(false);
    }

    private static async Task ExpectAfterReuseAsync(Trial trial, Storage.IMfaStore store, Entry entry, byte[] buffer)
    {
        var written = entry.With(buffer.ToArray());
        Array.Clear(buffer);
        await trial.ExpectStoredAsync(store, written).ConfigureAwait(false);
    }

    private static async Task Document_PartOfABuffer_ReadsBackAlone(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var buffer = RandomNumberGenerator.GetBytes(300);
        var created = Entry.New().With(buffer.AsMemory(100, 50));
        await trial.CreateAsync(store, created).ConfigureAwait(false);
        await trial.ExpectStoredAsync(store, created).ConfigureAwait(false);

        var swapped = created.Next().With(buffer.AsMemory(7, 290));
        await trial.SwapAsync(store, created, swapped).ConfigureAwait(false);
        await trial.ExpectStoredAsync(store, swapped).ConfigureAwait(false);
    }

    private static async Task Document_ReadBefore_StaysAsRead(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var first = await trial.CreateNewAsync(store).ConfigureAwait(false);
        var other = await trial.CreateNewAsync(store).ConfigureAwait(false);
        var read = await trial.FindAsync(store, first.Subject).ConfigureAwait(false);

        await trial.SwapAsync(store, first, first.Next()).ConfigureAwait(false);
        await trial.ExpectStoredAsync(store, other).ConfigureAwait(false);

        trial.Expect(first.IsIn(read), "It changed.");
    }
}
