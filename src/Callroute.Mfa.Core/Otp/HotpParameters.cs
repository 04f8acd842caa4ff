namespace Callroute.Mfa.Otp;

/// <summary>
/// Holds the parameters that the generator, the verifier and the provisioning URI of a HOTP authenticator share (RFC 4226 §5).
/// </summary>
/// <remarks>
/// A new object has the values of RFC 4226: SHA-1 and 6 digits. Every property is checked when it is set.
/// Immutable and thread-safe.
/// </remarks>
public sealed class HotpParameters
{
    /// <summary>The hash under the HMAC.</summary>
    /// <value>The default is <see cref="OtpAlgorithm.Sha1"/>, the only one that RFC 4226 defines.</value>
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
}
