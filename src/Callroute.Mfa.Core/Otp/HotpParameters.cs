namespace Callroute.Mfa.Otp;

/// <summary>Holds what generator, verifier and provisioning URI of a HOTP authenticator must agree on (RFC 4226 §5).</summary>
/// <remarks>Immutable and thread-safe; equal when both values are.</remarks>
public sealed record HotpParameters
{
    /// <summary>SHA-1 and 6 digits, as RFC 4226 defines.</summary>
    public static HotpParameters Default { get; } = new();

    /// <summary>The hash under the HMAC.</summary>
    /// <value>The default is <see cref="OtpAlgorithm.Sha1"/>; RFC 4226 itself knows no other.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the enumeration.</exception>
    public OtpAlgorithm Algorithm { get; init => field = Guard.Defined(value, nameof(Algorithm)); }

    /// <summary>The length of a code.</summary>
    /// <value>4–8; the default is 6. RFC 4226 §5.3 asks for 6 or more.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 4–8.</exception>
    public int Digits { get; init => field = Guard.InRange(value, HmacOtp.MinimumDigits, HmacOtp.MaximumDigits, nameof(Digits)); } = 6;
}
