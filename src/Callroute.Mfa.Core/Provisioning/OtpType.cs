namespace Callroute.Mfa.Provisioning;

/// <summary>Names the kind of one-time password in a provisioning URI.</summary>
public enum OtpType
{
    /// <summary>Time-based, <c>otpauth://totp</c>.</summary>
    Totp,

    /// <summary>Counter-based, <c>otpauth://hotp</c>.</summary>
    Hotp,
}
