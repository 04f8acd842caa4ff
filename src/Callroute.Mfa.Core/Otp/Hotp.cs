using Callroute.Mfa.Otp.Vectorized;

namespace Callroute.Mfa.Otp;

/// <summary>Generates and verifies counter-based one-time passwords (RFC 4226).</summary>
/// <remarks>Stateless and thread-safe: the caller keeps the counter, and must store the next one before it acts on a match.</remarks>
public static class Hotp
{
    private const int MaximumLookAhead = 100;

    /// <summary>Computes the code for a counter.</summary>
    /// <param name="secret">The shared secret.</param>
    /// <param name="parameters">The authenticator's parameters.</param>
    /// <param name="counter">C of RFC 4226 §5.1, not negative.</param>
    /// <returns>Exactly <see cref="HotpParameters.Digits"/> ASCII digits, left-padded with zeros.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="counter"/> is negative.</exception>
    public static string Generate(SharedSecret secret, HotpParameters parameters, long counter) =>
        string.Create(
            Guard.NotNull(parameters).Digits,
            (secret, parameters, counter),
            static (code, state) => Generate(state.secret, state.parameters, state.counter, code));

    /// <summary>Computes the code for a counter, without allocating after the first use of the secret.</summary>
    /// <param name="secret">The shared secret.</param>
    /// <param name="parameters">The authenticator's parameters.</param>
    /// <param name="counter">C of RFC 4226 §5.1, not negative.</param>
    /// <param name="destination">Receives exactly <see cref="HotpParameters.Digits"/> ASCII digits, left-padded with zeros.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="counter"/> is negative.</exception>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is not as long as the code.</exception>
    public static void Generate(SharedSecret secret, HotpParameters parameters, long counter, Span<char> destination)
    {
        Guard.NotNull(secret);
        Guard.NotNull(parameters);
        Guard.InRange(counter, 0, long.MaxValue);
        Guard.Length(destination.Length, parameters.Digits, parameters.Digits, "characters", nameof(destination));
        HmacOtp.Compute(secret, parameters.Algorithm, counter, destination, VectorizedHmac.IsSwitchedOn);
    }

    /// <summary>Finds the counter that a code belongs to, without allocating after the first use of the secret.</summary>
    /// <param name="secret">The shared secret.</param>
    /// <param name="parameters">The authenticator's parameters.</param>
    /// <param name="code">
    /// The text that the user typed. Decimal digits of any script count as ASCII digits. White space, hyphens, en dashes and invisible
    /// characters are ignored. Any text other than the right number of digits, or longer than 64 characters, does not match.
    /// </param>
    /// <param name="counter">The next counter that the verifier expects, not negative.</param>
    /// <param name="lookAhead">s of RFC 4226 §7.4: how many more counters to try, 0–100. Keep it as small as you can.</param>
    /// <returns>
    /// The highest counter that matches the code, or null. Store the next counter before you act on a match. Comparison is fixed-time, and
    /// the whole window is always computed.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="counter"/> is negative, or <paramref name="lookAhead"/> is not 0–100.
    /// </exception>
    public static long? Verify(SharedSecret secret, HotpParameters parameters, ReadOnlySpan<char> code, long counter, int lookAhead)
    {
        Guard.NotNull(secret);
        Guard.NotNull(parameters);
        Guard.InRange(counter, 0, long.MaxValue);
        Guard.InRange(lookAhead, 0, MaximumLookAhead);
        Span<char> digits = stackalloc char[HmacOtp.MaximumDigits];
        if (OtpCode.Canonicalize(code, digits) != parameters.Digits)
        {
            return null;
        }

        digits = digits[..parameters.Digits];
        var last = Math.Min(long.MaxValue - counter, lookAhead) + counter;
        return HmacOtp.HighestMatch(secret, parameters.Algorithm, digits, next: [], counter, last, VectorizedHmac.IsSwitchedOn);
    }

    /// <summary>Finds an authenticator's counter from two consecutive codes (RFC 4226 §7.4).</summary>
    /// <param name="secret">The shared secret.</param>
    /// <param name="parameters">The authenticator's parameters.</param>
    /// <param name="firstCode">The earlier code, read as in <see cref="Verify"/>.</param>
    /// <param name="secondCode">The code that the authenticator showed right after it.</param>
    /// <param name="counter">The next counter that the verifier expects, not negative.</param>
    /// <param name="lookAhead">How many more counters to try for the first code, 0–100.</param>
    /// <returns>
    /// The counter of the second code, or null if the two are not consecutive in the window. The whole window is always computed.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="counter"/> is negative, or <paramref name="lookAhead"/> is not 0–100.
    /// </exception>
    public static long? Resynchronize(
        SharedSecret secret,
        HotpParameters parameters,
        ReadOnlySpan<char> firstCode,
        ReadOnlySpan<char> secondCode,
        long counter,
        int lookAhead)
    {
        Guard.NotNull(secret);
        Guard.NotNull(parameters);
        Guard.InRange(counter, 0, long.MaxValue);
        Guard.InRange(lookAhead, 0, MaximumLookAhead);
        var length = parameters.Digits;
        Span<char> first = stackalloc char[HmacOtp.MaximumDigits];
        Span<char> second = stackalloc char[HmacOtp.MaximumDigits];
        var areCodes = OtpCode.Canonicalize(firstCode, first) == length && OtpCode.Canonicalize(secondCode, second) == length;
        if (!areCodes || counter == long.MaxValue)
        {
            return null;
        }

        first = first[..length];
        second = second[..length];
        var last = Math.Min(long.MaxValue - 1 - counter, lookAhead) + counter;
        return HmacOtp.HighestMatch(secret, parameters.Algorithm, first, second, counter, last, VectorizedHmac.IsSwitchedOn) + 1;
    }
}
