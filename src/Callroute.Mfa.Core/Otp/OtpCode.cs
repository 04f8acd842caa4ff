using System.Buffers;

namespace Callroute.Mfa.Otp;

/// <summary>The one canonical form of a one-time password: ASCII digits.</summary>
internal static class OtpCode
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");

    /// <returns>How many digits the code has; null if the text is not a code of an app.</returns>
    public static int? DigitsOf(ReadOnlySpan<char> text)
    {
        Span<char> canonical = stackalloc char[HmacOtp.MaximumDigits];
        return Canonicalize(text, canonical);
    }

    /// <summary>Reads 4–8 digits as <see cref="TypedText"/> does.</summary>
    /// <returns>The number of digits written to <paramref name="canonical"/>, or null for anything else.</returns>
    public static int? Canonicalize(ReadOnlySpan<char> input, Span<char> canonical)
    {
        var length = TypedText.Fold(input, canonical[..HmacOtp.MaximumDigits]);
        return length >= HmacOtp.MinimumDigits && !canonical[..length.Value].ContainsAnyExcept(Digits) ? length : null;
    }
}
