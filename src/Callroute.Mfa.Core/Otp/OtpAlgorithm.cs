namespace Callroute.Mfa.Otp;

/// <summary>Names the hash under the HMAC of a one-time password (RFC 6238 §1.2).</summary>
public enum OtpAlgorithm
{
    /// <summary>HMAC-SHA-1: the default of RFC 4226, and the only one that every app supports.</summary>
    Sha1,

    /// <summary>HMAC-SHA-256.</summary>
    Sha256,

    /// <summary>HMAC-SHA-512.</summary>
    Sha512,
}
