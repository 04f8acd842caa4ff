namespace Callroute.Mfa.Testing.Conformance;

/// <summary>All 128 bits of a version count.</summary>
internal static class VersionCases
{
    private const string Middle = "89abcdef01234567fedcba9876543210";

    private static readonly string[] Extremes =
    [
        "00000000000000000000000000000001", "0000000000000000ffffffffffffffff", "00000000000000010000000000000000", "7fffffffffffffffffffffffffffffff",
        "80000000000000000000000000000000", "ffffffffffffffffffffffffffffffff", "12345678901234567890123456789012", "00000000000000000000000000000e10", Middle,
    ];

    public static IReadOnlyList<StoreConformanceCase> All { get; } =
    [
        new(nameof(Version_Extreme_RoundTrips), "A version is kept exactly, also with zeros in front or with every bit set.", Version_Extreme_RoundTrips),
        new(nameof(Version_OneDigitOff_IsAnother), "Versions that differ in one digit are two versions.", Version_OneDigitOff_IsAnother),
    ];

    private static async Task Version_Extreme_RoundTrips(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var current = await trial.CreateNewAsync(store).ConfigureAwait(false);
        foreach (var text in Extremes)
        {
            var next = current.Next() with { Version = Guid.ParseExact(text, "N") };
            await trial.SwapAsync(store, current, next).ConfigureAwait(false);
            await trial.ExpectStoredAsync(store, next).ConfigureAwait(false);
            current = next;
        }

        await trial.DeleteAsync(store, current).ConfigureAwait(false);
    }

    private static async Task Version_OneDigitOff_IsAnother(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var entry = Entry.New() with { Version = Guid.ParseExact(Middle, "N") };
        await trial.CreateAsync(store, entry).ConfigureAwait(false);
        for (var i = 0; i < Middle.Length; i++)
        {
            var other = Guid.ParseExact($"{Middle[..i]}{(Middle[i] == '0' ? '1' : '0')}{Middle[(i + 1)..]}", "N");

            trial.Expect(!await trial.TrySwapAsync(store, other, entry.Next()).ConfigureAwait(false), $"A version with another digit {i + 1} swapped.");
            trial.Expect(!await trial.TryDeleteAsync(store, entry with { Version = other }).ConfigureAwait(false), $"A version with another digit {i + 1} deleted.");
        }

        await trial.ExpectStoredAsync(store, entry).ConfigureAwait(false);
    }
}
