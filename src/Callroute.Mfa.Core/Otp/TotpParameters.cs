namespace Callroute.Mfa.Otp;

/// <summary>
/// Holds the parameters that the generator, the verifier and the provisioning URI of a TOTP authenticator share (RFC 6238 §4.1).
/// </summary>
/// <remarks>
/// A new object has the values that every authenticator app supports: SHA-1, 6 digits, 30 s, T0 at the Unix epoch.
/// Every property is checked when it is set. Immutable and thread-safe.
/// </remarks>
public sealed class TotpParameters
{
    internal const int MinimumSeconds = 15;
    internal const int MaximumSeconds = 300;

    internal static readonly TimeSpan MinimumPeriod = TimeSpan.FromSeconds(MinimumSeconds);
    internal static readonly TimeSpan MaximumPeriod = TimeSpan.FromSeconds(MaximumSeconds);

    /// <summary>The hash under the HMAC.</summary>
    /// <value>The default is <see cref="OtpAlgorithm.Sha1"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of the enumeration.</exception>
    public OtpAlgorithm Algorithm { get; init => field = Guard.Defined(value, nameof(Algorithm)); }

    /// <summary>The length of a code, in digits.</summary>
    /// <value>4–8; the default is 6. RFC 4226 §5.3 asks for 6 or more.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 4–8.</exception>
    public int Digits
    {
        get;
        init => field = Guard.InRange(value, HmacOtp.MinimumDigits, HmacOtp.MaximumDigits, nameof(Digits));
    } = 6;

    /// <summary>The length of a time step; X of RFC 6238 §4.1.</summary>
    /// <value>15–300 s, whole seconds; the default is 30 s. NIST SP 800-63B-4 §3.1.4.1 asks for at most 120 s.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 15–300 s.</exception>
    /// <exception cref="ArgumentException">The value is not a whole number of seconds.</exception>
    public TimeSpan Period
    {
        get;
        init => field = Guard.WholeSeconds(Guard.InRange(value, MinimumPeriod, MaximumPeriod, nameof(Period)), nameof(Period));
    } = TimeSpan.FromSeconds(30);

    /// <summary>The moment at which step 0 begins, in UTC.</summary>
    /// <value>Whole seconds; the default is the Unix epoch, the only value that an otpauth URI can contain.</value>
    /// <exception cref="ArgumentException">The value is not at a whole second.</exception>
    public DateTimeOffset T0
    {
        get;
        init => field = Guard.WholeSeconds(value, nameof(T0)).ToUniversalTime();
    } = DateTimeOffset.UnixEpoch;

    /// <summary>Returns T, the number of the time step that contains a moment (RFC 6238 §4.2).</summary>
    /// <param name="time">Any moment; its offset does not matter.</param>
    /// <returns>⌊(time − T0) / Period⌋, which is negative before T0.</returns>
    public long GetTimeStep(DateTimeOffset time)
    {
        var (quotient, remainder) = Math.DivRem((time - T0).Ticks, Period.Ticks);
        return remainder < 0 ? quotient - 1 : quotient;
    }

    /// <summary>Returns the moment at which a time step begins.</summary>
    /// <param name="timeStep">The number of the step; negative before T0.</param>
    /// <returns>The moment, in UTC; clamped to what <see cref="DateTimeOffset"/> can hold.</returns>
    public DateTimeOffset GetStartOf(long timeStep)
    {
        var ticks = T0.UtcTicks + (Int128)timeStep * Period.Ticks;
        return new DateTimeOffset((long)Int128.Clamp(ticks, 0, DateTime.MaxValue.Ticks), TimeSpan.Zero);
    }
}
