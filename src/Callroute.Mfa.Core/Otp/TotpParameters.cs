namespace Callroute.Mfa.Otp;

/// <summary>Holds what generator, verifier and provisioning URI of a TOTP authenticator must agree on (RFC 6238 §4.1).</summary>
/// <remarks>Immutable and thread-safe; equal when all four values are. Every property is checked where it is set.</remarks>
public sealed record TotpParameters
{
    /// <summary>The least period: 15 s.</summary>
    public static readonly TimeSpan MinimumPeriod = TimeSpan.FromSeconds(15);

    /// <summary>The greatest period: 300 s.</summary>
    public static readonly TimeSpan MaximumPeriod = TimeSpan.FromSeconds(300);

    /// <summary>SHA-1, 6 digits, 30 s, T0 at the Unix epoch: what every authenticator app supports.</summary>
    public static TotpParameters Default { get; } = new();

    /// <summary>The hash under the HMAC.</summary>
    /// <value>The default is <see cref="OtpAlgorithm.Sha1"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the enumeration.</exception>
    public OtpAlgorithm Algorithm { get; init => field = Guard.Defined(value, nameof(Algorithm)); }

    /// <summary>The length of a code.</summary>
    /// <value>4–8; the default is 6. RFC 4226 §5.3 asks for 6 or more.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 4–8.</exception>
    public int Digits { get; init => field = Guard.InRange(value, HmacOtp.MinimumDigits, HmacOtp.MaximumDigits, nameof(Digits)); } = 6;

    /// <summary>X, the length of a time step.</summary>
    /// <value>15–300 s, whole seconds; the default is 30 s. NIST SP 800-63B-4 §3.1.4.1 asks for at most 120 s.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 15–300 s.</exception>
    /// <exception cref="ArgumentException">The value is not a whole number of seconds.</exception>
    public TimeSpan Period { get; init => field = Guard.WholeSeconds(Guard.InRange(value, MinimumPeriod, MaximumPeriod, nameof(Period)), nameof(Period)); } = TimeSpan.FromSeconds(30);

    /// <summary>The moment at which step 0 begins.</summary>
    /// <value>Whole seconds; the default is the Unix epoch. An otpauth URI cannot carry another.</value>
    /// <exception cref="ArgumentException">The value is not a whole number of seconds.</exception>
    public DateTimeOffset T0 { get; init => field = DateTimeOffset.UnixEpoch + Guard.WholeSeconds(value - DateTimeOffset.UnixEpoch, nameof(T0)); } = DateTimeOffset.UnixEpoch;

    /// <summary>Gives T, the number of the time step that holds a moment (RFC 6238 §4.2).</summary>
    /// <param name="time">Any moment; its offset does not matter.</param>
    /// <returns>⌊(time − T0) / Period⌋, which is negative before T0.</returns>
    public long GetTimeStep(DateTimeOffset time)
    {
        var (quotient, remainder) = Math.DivRem((time - T0).Ticks, Period.Ticks);
        return remainder < 0 ? quotient - 1 : quotient;
    }

    /// <summary>Gives the moment at which a time step begins.</summary>
    /// <param name="timeStep">The number of the step.</param>
    /// <returns>The moment, in UTC; clamped to what <see cref="DateTimeOffset"/> can hold.</returns>
    public DateTimeOffset GetStartOf(long timeStep)
    {
        var ticks = T0.UtcTicks + (Int128)timeStep * Period.Ticks;
        return new DateTimeOffset((long)Int128.Clamp(ticks, 0, DateTime.MaxValue.Ticks), TimeSpan.Zero);
    }
}
