using Callroute.Mfa.Otp.Vectorized;

namespace Callroute.Mfa.Otp;

/// <summary>Generates and verifies time-based one-time passwords (RFC 6238).</summary>
/// <remarks>
/// Stateless and thread-safe: the same code is accepted repeatedly while its step is in the window. To consume codes and to throttle
/// guesses, use <c>MfaService</c>.
/// </remarks>
public static class Totp
{
    private const int MaximumSteps = 50;

    /// <summary>Computes the code for a moment.</summary>
    /// <param name="secret">The shared secret.</param>
    /// <param name="parameters">The authenticator's parameters.</param>
    /// <param name="time">Any moment; its offset does not matter.</param>
    /// <returns>Exactly <see cref="TotpParameters.Digits"/> ASCII digits, left-padded with zeros.</returns>
    public static string Generate(SharedSecret secret, TotpParameters parameters, DateTimeOffset time) =>
        string.Create(
            Guard.NotNull(parameters).Digits,
            (secret, parameters, time),
            static (code, state) => Generate(state.secret, state.parameters, state.parameters.GetTimeStep(state.time), code));

    /// <summary>Computes the code for a time step, without allocating after the first use of the secret.</summary>
    /// <param name="secret">The shared secret.</param>
    /// <param name="parameters">The authenticator's parameters.</param>
    /// <param name="timeStep">T of RFC 6238 §4.2. A step before T0 is negative and is hashed as its two's complement.</param>
    /// <param name="destination">Receives exactly <see cref="TotpParameters.Digits"/> ASCII digits, left-padded with zeros.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is not as long as the code.</exception>
    public static void Generate(SharedSecret secret, TotpParameters parameters, long timeStep, Span<char> destination)
    {
        Guard.NotNull(secret);
        Guard.NotNull(parameters);
        Guard.Length(destination.Length, parameters.Digits, parameters.Digits, "characters", nameof(destination));
        HmacOtp.Compute(secret, parameters.Algorithm, timeStep, destination, VectorizedHmac.IsSwitchedOn);
    }

    /// <summary>Finds the time step that a code belongs to, without allocating after the first use of the secret.</summary>
    /// <param name="secret">The shared secret.</param>
    /// <param name="parameters">The authenticator's parameters.</param>
    /// <param name="code">
    /// The text that the user typed. Decimal digits of any script count as ASCII digits. White space, hyphens, en dashes and invisible
    /// characters are ignored. Any text other than the right number of digits, or longer than 64 characters, does not match.
    /// </param>
    /// <param name="time">The verifier's time; its offset does not matter.</param>
    /// <param name="pastSteps">How many steps before the current one to accept, 0–50. RFC 6238 §5.2 recommends at most 1.</param>
    /// <param name="futureSteps">How many steps after the current one to accept, 0–50.</param>
    /// <returns>
    /// The highest step of the window that matches the code, or null. Comparison is fixed-time, and the whole window is always computed.
    /// Subtract <see cref="TotpParameters.GetTimeStep"/> of <paramref name="time"/> to get the drift of the authenticator's clock.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="pastSteps"/> or <paramref name="futureSteps"/> is not 0–50.
    /// </exception>
    public static long? Verify(
        SharedSecret secret, TotpParameters parameters, ReadOnlySpan<char> code, DateTimeOffset time, int pastSteps, int futureSteps) =>
        Verify(secret, parameters, code, time, pastSteps, futureSteps, VectorizedHmac.IsSwitchedOn);

    internal static long? Verify(
        SharedSecret secret,
        TotpParameters parameters,
        ReadOnlySpan<char> code,
        DateTimeOffset time,
        int pastSteps,
        int futureSteps,
        bool vectorized)
    {
        Guard.NotNull(secret);
        Guard.NotNull(parameters);
        Guard.InRange(pastSteps, 0, MaximumSteps);
        Guard.InRange(futureSteps, 0, MaximumSteps);
        Span<char> digits = stackalloc char[HmacOtp.MaximumDigits];
        if (OtpCode.Canonicalize(code, digits) != parameters.Digits)
        {
            return null;
        }

        digits = digits[..parameters.Digits];
        var current = parameters.GetTimeStep(time);
        var (first, last) = (current - pastSteps, current + futureSteps);
        return HmacOtp.HighestMatch(secret, parameters.Algorithm, digits, next: [], first, last, vectorized);
    }
}
