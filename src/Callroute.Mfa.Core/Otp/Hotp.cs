using Callroute.Mfa.Otp.Vectorized;

namespace Callroute.Mfa.Otp;

/// <summary>Generates and verifies counter-based one-time passwords (RFC 4226).</summary>
/// <remarks>Stateless and thread-safe: the caller keeps the counter, and must store it before it acts on a match.</remarks>
public static class Hotp
{
    /// <summary>The greatest look-ahead: 100 counters. RFC 4226 §7.4 asks for as few as possible.</summary>
    public const int MaximumLookAhead = 100;

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
    /// <param name="destination">Takes exactly <see cref="HotpParameters.Digits"/> ASCII digits, left-padded with zeros.</param>
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

    /// <summary>Tells whether a code belongs to the expected counter or one of the next, without allocating after the first use of the secret.</summary>
    /// <param name="secret">The shared secret.</param>
    /// <param name="parameters">The authenticator's parameters.</param>
    /// <param name="code">What a person typed. ASCII spaces and hyphens do not count; anything but the right number of ASCII digits is a miss.</param>
    /// <param name="counter">The next counter that the verifier expects, not negative.</param>
    /// <param name="lookAhead">s of RFC 4226 §7.4: how many more counters to try, 0–100.</param>
    /// <returns>The highest counter that matches, or null. Comparison is fixed-time, and the whole window is always computed.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="counter"/> is negative, or <paramref name="lookAhead"/> is not 0–100.</exception>
    public static HotpMatch? Verify(SharedSecret secret, HotpParameters parameters, ReadOnlySpan<char> code, long counter, int lookAhead)
    {
        Guard.NotNull(secret);
        Guard.NotNull(parameters);
        Guard.InRange(counter, 0, long.MaxValue);
        Guard.InRange(lookAhead, 0, MaximumLookAhead);
        Span<char> canonical = stackalloc char[HmacOtp.MaximumDigits];
        if (OtpCode.Canonicalize(code, canonical) != parameters.Digits)
        {
            return null;
        }

        var last = counter > long.MaxValue - lookAhead ? long.MaxValue : counter + lookAhead;
        var match = HmacOtp.HighestMatch(secret, parameters.Algorithm, canonical[..parameters.Digits], counter, last, VectorizedHmac.IsSwitchedOn);
        return match is { } found ? new HotpMatch(found, (int)(found - counter)) : null;
    }

    /// <summary>Finds an authenticator's counter from two consecutive codes (RFC 4226 §7.4).</summary>
    /// <param name="secret">The shared secret.</param>
    /// <param name="parameters">The authenticator's parameters.</param>
    /// <param name="firstCode">The earlier code, read as in <see cref="Verify"/>.</param>
    /// <param name="secondCode">The code that the authenticator gave right after it.</param>
    /// <param name="counter">The next counter that the verifier expects, not negative.</param>
    /// <param name="lookAhead">How many more counters to try for the first code, 0–100.</param>
    /// <returns>The counter of the second code, or null where the two are not consecutive in the window. The whole window is always computed.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="counter"/> is negative, or <paramref name="lookAhead"/> is not 0–100.</exception>
    public static HotpMatch? Resynchronize(SharedSecret secret, HotpParameters parameters, ReadOnlySpan<char> firstCode, ReadOnlySpan<char> secondCode, long counter, int lookAhead)
    {
        Guard.NotNull(secret);
        Guard.NotNull(parameters);
        Guard.InRange(counter, 0, long.MaxValue);
        Guard.InRange(lookAhead, 0, MaximumLookAhead);
        Span<char> first = stackalloc char[HmacOtp.MaximumDigits];
        Span<char> second = stackalloc char[HmacOtp.MaximumDigits];
        var areCodes = OtpCode.Canonicalize(firstCode, first) == parameters.Digits && OtpCode.Canonicalize(secondCode, second) == parameters.Digits;
        if (!areCodes || counter == long.MaxValue)
        {
            return null;
        }

        var last = Math.Min(long.MaxValue - 1 - counter, lookAhead) + counter;
        var match = HmacOtp.HighestMatchOfTwo(secret, parameters.Algorithm, first[..parameters.Digits], second[..parameters.Digits], counter, last, VectorizedHmac.IsSwitchedOn);
        return match is { } found ? new HotpMatch(found + 1, (int)(found + 1 - counter)) : null;
    }
}
