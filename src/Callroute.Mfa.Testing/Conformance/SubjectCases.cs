using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Conformance;

/// <summary>Cases for subjects: a store must compare user id and tenant separately, ordinally and completely.</summary>
internal static class SubjectCases
{
    private const int Longest = MfaSubject.MaximumLength;

    // Lengths at which key columns and indexes are often truncated, in characters or in three-byte units.
    private static readonly int[] Cuts = [64, 85, 128, 191, 255, 256, 300, Longest];

    public static IReadOnlyList<StoreConformanceCase> All { get; } =
    [
        Distinct(
            "Subject_Case_Distinguishes",
            "Subjects that differ only in case are different.",
            "Ann", "ann", "ANN", "straße", "STRASSE", "strasse", "ſ", "s", "K", "\u212A", "k", "Σ", "σ", "ς"),
        Distinct(
            "Subject_TurkishI_Distinguishes",
            "I, i, dotted I and dotless i are four different ids.",
            "I", "i", "\u0130", "\u0131", "i\u0307"),
        Distinct(
            "Subject_NormalForm_Distinguishes",
            "Precomposed and combining forms are different.",
            "\u00E9", "e\u0301", "e", "\u00C5", "A\u030A", "\u212B", "\uFB01", "fi", "\uFF21", "A", "\u1112\u1161\u11AB", "\uD55C"),
        Distinct(
            "Subject_Emoji_Distinguishes",
            "Characters beyond the basic plane are preserved and compared.",
            "😀", "😁", "👩‍👩‍👧", "👩👩👧", "👍", "👍🏽", "𝒜", "A", "?", "??", "\uFFFD", "\uFFFD\uFFFD"),
        Distinct(
            "Subject_InvisibleCharacters_Distinguish",
            "Characters that a collation may ignore are compared.",
            "ab", "a\u200Db", "a\u00ADb", "a\uFEFFb", "a\u200Bb", "a\u2060b", "a-b", "a'b"),
        Distinct(
            "Subject_Blanks_Distinguish",
            "Leading, inner and trailing spaces are compared.",
            "a", "a ", "a  ", " a", "a\u00A0", "a\u3000", "a b", "a  b", "ab"),
        Distinct(
            "Subject_Punctuation_IsPlainText",
            "Quotes, wildcards, separators and escapes have no special meaning.",
            "%", "_", "*", "?", "[a]", "[^a]", "a", "{a}", "{", "}", "\\", "\\\\", "'", "''", "\"", "`", ";", "--", "/*", "#", "$1", "@p",
            ":p", ":", "::", "/", "//", "../a", ".", "|", "||", "~", "&", "<a>", "&lt;", "%41", "A", "+", "a+b", "a b", "\\0", "\\u0041",
            "null"),
        Distinct(
            "Subject_Numbers_AreText",
            "Texts of equal numbers are different ids.",
            "1", "01", "1.0", "+1", "1e0", "0x1", " 1", "١", "１", "-0", "0", "9007199254740993", "9007199254740992", "NaN", "nan", "true",
            "True"),
        Distinct(
            "Subject_Prefix_Distinguishes",
            "A subject is never confused with one that begins or ends with it.",
            "a", "aa", "aaa", "ab", "ba", "aba"),
        Distinct(
            "Subject_EqualHash_Distinguishes",
            "Subjects with equal hash codes are different.",
            "Aa", "BB", "AaAa", "BBBB", "AaBB", "plumless", "buckeroo"),
        new(
            "A user id and a tenant of 400 three-byte characters are preserved and compared completely.",
            Subject_FourHundredCharacters_AreKeptWhole),
        new(
            "User id and tenant are separate: no pair is confused with another pair or with a user without a tenant.",
            Subject_Tenant_IsAPartOfItsOwn),
        new("No tenant is different from a tenant named null, 0 or default.", Subject_NoTenant_IsNoTenantOfAnyName),
        new("Case variants that are created at the same time are all created.", Subject_CaseVariantsAtOnce_AreAllCreated),
    ];

    private static StoreConformanceCase Distinct(string name, string promise, params string[] texts) =>
        new(promise, trial => ExpectDistinctAsync(trial, [.. Around(Entry.NewText(), texts)]), name);

    // As prefix, as suffix, as tenant and as user id: a store may handle each place differently.
    private static IEnumerable<MfaSubject> Around(string unique, string[] texts) => texts.SelectMany(
        text => (MfaSubject[])[new(unique + text), new(text + unique), new(unique, text), new(text, unique)]);

    private static Task Subject_FourHundredCharacters_AreKeptWhole(Trial trial)
    {
        var unique = string.Concat(Entry.NewText().Select(c => (char)('一' + c)));
        var filled = unique + new string('字', Longest - unique.Length);
        var subjects = Cuts.SelectMany(length => (string[])[filled[..(length - 1)] + '甲', filled[..(length - 1)] + '乙'])
            .Append(filled)
            .Append(filled[..^2] + "😀")
            .SelectMany(text => (MfaSubject[])[new(text), new(filled, text), new(text, filled)]);
        return ExpectDistinctAsync(trial, [.. subjects.Distinct()]);
    }

    private static Task Subject_Tenant_IsAPartOfItsOwn(Trial trial)
    {
        var u = Entry.NewText();
        List<MfaSubject> subjects =
        [
            new(u), new($"{u}a", "b"), new($"{u}ab"), new("b", $"{u}a"), new("a", $"{u}b"), new($"b{u}a"), new(u, u), new($"{u}{u}"),
        ];
        foreach (var separator in (string[])[":", "/", "|", ",", ";", "\\", "-", "_", ".", " ", "@", "#", "~", "\u00A0", "\u2028"])
        {
            subjects.AddRange(
            [
                new($"{u}a{separator}b"), new($"b{separator}{u}a"), new($"{u}a", $"b{separator}c"), new($"{u}a{separator}b", "c"),
                new($"c{separator}b", $"{u}a"), new("c", $"b{separator}{u}a"),
            ]);
        }

        return ExpectDistinctAsync(trial, [.. subjects.Distinct()]);
    }

    private static Task Subject_NoTenant_IsNoTenantOfAnyName(Trial trial)
    {
        var user = Entry.NewText();
        string?[] tenants = [null, "null", "NULL", "nil", "None", "0", "-", "_", "*", "default", "undefined", " ", "''", "\\N", "()", user];
        return ExpectDistinctAsync(trial, [.. tenants.Select(tenant => new MfaSubject(user, tenant))]);
    }

    private static async Task Subject_CaseVariantsAtOnce_AreAllCreated(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var unique = Entry.NewText();
        var entries = Enumerable.Range(0, 16).Select(bits => Entry.For(new(unique + VariantOf("anna", bits)))).ToArray();

        var created = await trial.AtOnceAsync(entries.Length, i => WinAsync(trial, store, entries[i])).ConfigureAwait(false);

        trial.Expect(created.All(won => won), "A create returned false.");
        foreach (var entry in entries)
        {
            await trial.ExpectStoredAsync(store, entry).ConfigureAwait(false);
        }
    }

    // An engine may report a conflict although there is no other writer. Core retries the same number of times.
    private static async Task<bool> WinAsync(Trial trial, IMfaStore store, Entry entry)
    {
        for (var tries = 0; tries < Trial.PatientTries; tries++)
        {
            if (await trial.TryCreateAsync(store, entry).ConfigureAwait(false))
            {
                return true;
            }
        }

        return false;
    }

    private static string VariantOf(string text, int bits) =>
        string.Concat(text.Select((c, i) => (bits >> i & 1) == 0 ? c : char.ToUpperInvariant(c)));

    // Delete every second entry, so that a confusion is detected in the results and in the remaining entries.
    private static async Task ExpectDistinctAsync(Trial trial, MfaSubject[] subjects)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var entries = subjects.Select(Entry.For).ToArray();
        foreach (var entry in entries)
        {
            trial.Expect(
                await trial.TryCreateAsync(store, entry).ConfigureAwait(false), $"{Show(entry)} was confused with another subject.");
        }

        for (var i = 0; i < entries.Length; i += 2)
        {
            trial.Expect(
                entries[i].IsIn(await trial.FindAsync(store, entries[i].Subject).ConfigureAwait(false)),
                $"{Show(entries[i])} was read as another subject.");
            await trial.DeleteAsync(store, entries[i]).ConfigureAwait(false);
        }

        for (var i = 0; i < entries.Length; i++)
        {
            var stored = await trial.FindAsync(store, entries[i].Subject).ConfigureAwait(false);
            trial.Expect(
                i % 2 == 0 ? stored is null : entries[i].IsIn(stored), $"{Show(entries[i])} changed together with another subject.");
        }
    }

    private static string Show(Entry entry) => $"User id '{entry.Subject.UserId}' of tenant '{entry.Subject.Tenant ?? "(none)"}'";
}
