namespace Callroute.Mfa.Provisioning;

/// <summary>Says why a text is refused as a provisioning URI.</summary>
public enum ProvisioningUriError
{
    /// <summary>The text is a provisioning URI.</summary>
    None,

    /// <summary>The text is longer than <see cref="ProvisioningUri.MaximumLength"/>.</summary>
    TooLong,

    /// <summary>The text does not begin with <c>otpauth://</c>, or has a port, user or fragment.</summary>
    NotOtpAuth,

    /// <summary>The type is neither <c>totp</c> nor <c>hotp</c>.</summary>
    UnknownType,

    /// <summary>A field is too long, a percent-encoding is broken, or what it encodes is not UTF-8.</summary>
    InvalidEncoding,

    /// <summary>The label has no account, has a second colon, a control character, or a part that is too long.</summary>
    InvalidLabel,

    /// <summary>The issuer parameter is empty, too long, or holds a colon or a control character.</summary>
    InvalidIssuer,

    /// <summary>The label and the issuer parameter name different issuers.</summary>
    IssuerMismatch,

    /// <summary>A parameter stands twice.</summary>
    DuplicateParameter,

    /// <summary>A parameter is unknown, or does not belong to the type.</summary>
    UnknownParameter,

    /// <summary>There is no secret.</summary>
    MissingSecret,

    /// <summary>The secret is not unpadded Base32 of 1–128 bytes.</summary>
    InvalidSecret,

    /// <summary>The algorithm is not SHA1, SHA256 or SHA512.</summary>
    InvalidAlgorithm,

    /// <summary>The number of digits is not 4–8.</summary>
    InvalidDigits,

    /// <summary>The period is not 15–300.</summary>
    InvalidPeriod,

    /// <summary>A <c>hotp</c> URI has no counter, or not one of 0–9223372036854775807.</summary>
    InvalidCounter,
}
