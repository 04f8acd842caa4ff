namespace Callroute.Mfa.Provisioning;

/// <summary>The messages of <see cref="ProvisioningUri.Parse"/> for text that it refuses. No message repeats a part of the text.</summary>
internal static class ProvisioningUriError
{
    public const string TooLong = "it is longer than 4,096 characters";
    public const string NotOtpAuth = "it does not begin with otpauth:// and a type, or has a port, a user or a fragment";
    public const string UnknownType = "its type is neither totp nor hotp";
    public const string InvalidEncoding = "a field is too long, has a broken percent-encoding, or is not UTF-8";
    public const string InvalidLabel =
        "its label has no account, a second colon, a control character, or a part that is invisible or too long";
    public const string InvalidIssuer = "its issuer parameter is invisible or too long, or has a colon or a control character";
    public const string IssuerMismatch = "its label and its issuer parameter name different issuers";
    public const string DuplicateParameter = "a parameter occurs twice";
    public const string UnknownParameter = "a parameter is unknown or does not belong to the type";
    public const string MissingSecret = "it has no secret";
    public const string InvalidSecret = "its secret is not unpadded Base32 of 1–128 bytes";
    public const string InvalidAlgorithm = "its algorithm is not SHA1, SHA256 or SHA512";
    public const string InvalidDigits = "its number of digits is not 4–8";
    public const string InvalidPeriod = "its period is not 15–300";
    public const string InvalidCounter = "its counter is missing or not 0–9223372036854775807";
}
