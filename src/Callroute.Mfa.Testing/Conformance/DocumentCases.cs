using System.Security.Cryptography;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Conformance;

/// <summary>Cases for the contents of documents: a store must treat them as bytes.</summary>
internal static class DocumentCases
{
    private const int OneMebibyte = 1 << 20;

    private static readonly byte[] EveryByte = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

    // A byte order mark; overlong, truncated and surrogate sequences; trailing characters that a text column may trim.
    private static readonly byte[] NoText =
        [0xEF, 0xBB, 0xBF, 0xC0, 0x80, 0xED, 0xA0, 0x80, 0xF5, 0xFF, 0xE2, 0x82, (byte)'\r', (byte)'\n', (byte)' ', 0];

    private static readonly byte[] OddJson = [.. " { \"b\" : 1.0e0,\n\t\"a\":\"\\u0041\", \"b\":2 } "u8];

    public static IReadOnlyList<StoreConformanceCase> All { get; } =
    [
        RoundTrip("Document_Empty_ReadsBack", "An empty document is stored and read back.", () => []),
        RoundTrip("Document_EveryByte_ReadsBack", "Every byte value is preserved, including zero.", () => EveryByte),
        RoundTrip(
            "Document_NoValidText_ReadsBack",
            "Bytes that are not valid UTF-8 are preserved, including trailing spaces, line ends and zeros.",
            () => NoText),
        RoundTrip(
            "Document_OddJson_ReadsBack", "JSON is preserved as written, including layout, order and repeated members.", () => OddJson),
        RoundTrip("Document_OneMebibyte_ReadsBack", "A document of 1 MiB is preserved.", () => RandomNumberGenerator.GetBytes(OneMebibyte)),
        new("A shorter document replaces a longer one completely.", Document_ShorterThanBefore_ReadsBack),
        new("The caller may reuse its buffer after the write.", Document_BufferReused_StaysAsWritten),
        new("Only the given part of a buffer is written.", Document_PartOfABuffer_ReadsBackAlone),
        new("A document that was read does not change when the store continues.", Document_ReadBefore_StaysAsRead),
    ];

    private static StoreConformanceCase RoundTrip(string name, string promise, Func<byte[]> document) => new(
        promise,
        async trial =>
        {
            var store = await trial.OpenAsync().ConfigureAwait(false);
            var created = Entry.New().With(document());
            await trial.CreateAsync(store, created).ConfigureAwait(false);
            await trial.ExpectStoredAsync(store, created).ConfigureAwait(false);

            var between = created.Next();
            await trial.ReplaceAsync(store, created, between).ConfigureAwait(false);
            var replaced = created.Next().With(document());
            await trial.ReplaceAsync(store, between, replaced).ConfigureAwait(false);
            await trial.ExpectStoredAsync(store, replaced).ConfigureAwait(false);
        },
        name);

    private static async Task Document_ShorterThanBefore_ReadsBack(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var current = await trial.CreateNewAsync(store).ConfigureAwait(false);
        foreach (var length in (int[])[5000, 3, 300, 0, 10])
        {
            var next = current.Next().With(RandomNumberGenerator.GetBytes(length));
            await trial.ReplaceAsync(store, current, next).ConfigureAwait(false);
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
        var replaced = created.Next().With(buffer);
        await trial.ReplaceAsync(store, created, replaced).ConfigureAwait(false);
        await ExpectAfterReuseAsync(trial, store, replaced, buffer).ConfigureAwait(false);
    }

    private static async Task ExpectAfterReuseAsync(Trial trial, IMfaStore store, Entry entry, byte[] buffer)
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

        var replaced = created.Next().With(buffer.AsMemory(7, 290));
        await trial.ReplaceAsync(store, created, replaced).ConfigureAwait(false);
        await trial.ExpectStoredAsync(store, replaced).ConfigureAwait(false);
    }

    private static async Task Document_ReadBefore_StaysAsRead(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var first = await trial.CreateNewAsync(store).ConfigureAwait(false);
        var other = await trial.CreateNewAsync(store).ConfigureAwait(false);
        var read = await trial.FindAsync(store, first.Subject).ConfigureAwait(false);

        await trial.ReplaceAsync(store, first, first.Next()).ConfigureAwait(false);
        await trial.ExpectStoredAsync(store, other).ConfigureAwait(false);

        trial.Expect(first.IsIn(read), "It changed.");
    }
}
