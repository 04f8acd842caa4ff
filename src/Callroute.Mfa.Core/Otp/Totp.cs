using Callroute.Mfa.Otp.Vectorized;

namespace Callroute.Mfa.Otp;

/// <summary>Generates and verifies time-based one-time passwords (RFC 6238).</summary>
/// <remarks>
/// Stateless and thread-safe: a code verifies as often as it is asked for while its step is in the window.
/// <c>MfaService</c> is what consumes codes and throttles guesses.
/// </remarks>
public static class Totp
{
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
    /// <param name="destination">Takes exactly <see cref="TotpParameters.Digits"/> ASCII digits, left-padded with zeros.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is not as long as the code.</exception>
    public static void Generate(SharedSecret secret, TotpParameters parameters, long timeStep, Span<char> destination)
    {
        Guard.NotNull(secret);
        Guard.NotNull(parameters);
        Guard.Length(destination.Length, parameters.Digits, parameters.Digits, "characters", nameof(destination));
        HmacOtp.Compute(secret, parameters.Algorithm, timeStep, destination, VectorizedHmac.IsSwitchedOn);
    }

    /// <summary>Tells whether a code belongs to a step of the window, without allocating after the first use of the secret.</summary>
    /// <param name="secret">The shared secret.</param>
    /// <param name="parameters">The authenticator's parameters.</param>
    /// <param name="code">What a person typed. ASCII spaces and hyphens do not count; anything but the right number of ASCII digits is a miss.</param>
    /// <param name="time">The verifier's time; its offset does not matter.</param>
    /// <param name="window">The steps to accept around the current one.</param>
    /// <returns>The highest step that matches, or null. Comparison is fixed-time, and the whole window is always computed.</returns>
    public static TotpMatch? Verify(SharedSecret secret, TotpParameters parameters, ReadOnlySpan<char> code, DateTimeOffset time, TimeWindow window) =>
        Verify(secret, parameters, code, time, window, VectorizedHmac.IsSwitchedOn);

    internal static TotpMatch? Verify(SharedSecret secret, TotpParameters parameters, ReadOnlySpan<char> code, DateTimeOffset time, TimeWindow window, bool vectorized)
    {
        Guard.NotNull(secret);
        Guard.NotNull(parameters);
        Span<char> canonical = stackalloc char[HmacOtp.MaximumDigits];
        if (OtpCode.Canonicalize(code, canonical) != parameters.Digits)
        {
            return null;
        }

        var current = parameters.GetTimeStep(time);
        var match = HmacOtp.HighestMatch(secret, parameters.Algorithm, canonical[..parameters.Digits], current - window.Past, current + window.Future, vectorized);
        return match is { } step ? new TotpMatch(step, (int)(step - current)) : null;
    }
}
