namespace Callroute.Mfa.Testing.Conformance;

/// <summary>Cases for versions: a store must preserve and compare all 128 bits.</summary>
internal static class VersionCases
{
    private const string Middle = "89abcdef01234567fedcba9876543210";

    private static readonly string[] Extremes =
    [
        "00000000000000000000000000000001", "0000000000000000ffffffffffffffff", "00000000000000010000000000000000",
        "7fffffffffffffffffffffffffffffff", "80000000000000000000000000000000", "ffffffffffffffffffffffffffffffff",
        "12345678901234567890123456789012", "00000000000000000000000000000e10", Middle,
    ];

    public static IReadOnlyList<StoreConformanceCase> All { get; } =
    [
        new("A version is preserved exactly, even with leading zeros or with every bit set.", Version_Extreme_RoundTrips),
        new("Versions that differ in one digit are different.", Version_OneDigitDifferent_IsAnother),
    ];

    private static async Task Version_Extreme_RoundTrips(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var current = await trial.CreateNewAsync(store).ConfigureAwait(false);
        foreach (var text in Extremes)
        {
            var next = current.Next() with { Version = Guid.ParseExact(text, "N") };
            await trial.ReplaceAsync(store, current, next).ConfigureAwait(false);
            await trial.ExpectStoredAsync(store, next).ConfigureAwait(false);
            current = next;
        }

        await trial.DeleteAsync(store, current).ConfigureAwait(false);
    }

    private static async Task Version_OneDigitDifferent_IsAnother(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var entry = Entry.New() with { Version = Guid.ParseExact(Middle, "N") };
        await trial.CreateAsync(store, entry).ConfigureAwait(false);
        for (var i = 0; i < Middle.Length; i++)
        {
            var other = Guid.ParseExact($"{Middle[..i]}{(Middle[i] == '0' ? '1' : '0')}{Middle[(i + 1)..]}", "N");

            trial.Expect(
                !await trial.TryReplaceAsync(store, other, entry.Next()).ConfigureAwait(false),
                $"A version with a different digit {i + 1} was accepted for a replacement.");
            trial.Expect(
                !await trial.TryDeleteAsync(store, entry with { Version = other }).ConfigureAwait(false),
                $"A version with a different digit {i + 1} was accepted for a delete.");
        }

        await trial.ExpectStoredAsync(store, entry).ConfigureAwait(false);
    }
}
