using System.Buffers;
using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Recovery;

/// <summary>Reads the recovery codes of another system, and refuses those that could be guessed.</summary>
internal static class ForeignRecoveryCodes
{
    private const int MaximumCount = 16;
    private const double MinimumBits = 40;

    // From the narrowest alphabet to the widest. Codes of digits only are refused, however long they are.
    private static readonly (SearchValues<char> Characters, double Bits)[] Alphabets =
    [
        (SearchValues.Create("0123456789"), 0),
        (SearchValues.Create("0123456789ABCDEF"), 4),
        (SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), Math.Log2(26)),
        (SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"), Math.Log2(36)),
    ];

    /// <returns>The codes; null if they may not be imported.</returns>
    public static RecoveryCode[]? TryRead(IReadOnlyCollection<string> texts)
    {
        RecoveryCode[] codes = [.. texts.Select(Read).OfType<RecoveryCode>()];
        var isValid = codes.Length == texts.Count && codes.Length is >= 1 and <= MaximumCount
            && codes.DistinctBy(code => code.Reveal()).Count() == codes.Length;
        return isValid && CountBits([.. texts.Select(RecoveryCode.Fold)]) >= MinimumBits ? codes : null;
    }

    // Text that reads as a code of an app would be verified as one.
    private static RecoveryCode? Read(string? text) =>
        OtpCode.DigitsOf(text) is null && RecoveryCode.TryParseAny(text, out var code) ? code : null;

    /// <returns>The bits of the shortest code, under the narrowest alphabet that has the characters of all codes.</returns>
    private static double CountBits(string[] codes)
    {
        var characters = string.Concat(codes);
        return codes.Min(code => code.Length) * Alphabets.First(a => !characters.AsSpan().ContainsAnyExcept(a.Characters)).Bits;
    }
}
