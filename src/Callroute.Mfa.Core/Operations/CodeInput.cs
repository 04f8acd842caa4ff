using Callroute.Mfa.Otp;
using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Operations;

/// <summary>The text that the user typed into the code field. It is read as digits, as a recovery code, or as neither.</summary>
internal readonly record struct CodeInput(int? Digits, RecoveryCode? RecoveryCode)
{
    private const int MinimumDigits = 6;

    public MfaMethod? Method => Digits is not null ? MfaMethod.Totp : RecoveryCode is not null ? MfaMethod.RecoveryCode : null;

    public static CodeInput Read(string? response, MfaOptions options)
    {
        if (DigitsOf(response) is { } digits)
        {
            return digits >= MinimumDigits || options.AllowShortCodes ? new(digits, null) : default;
        }

        return RecoveryCode.TryParse(response, out var code) ? new(null, code) : default;
    }

    /// <returns>How many digits the code has; null if it is not a code of an app.</returns>
    public static int? DigitsOf(string? code)
    {
        Span<char> canonical = stackalloc char[HmacOtp.MaximumDigits];
        return OtpCode.Canonicalize(code, canonical);
    }

    public override string ToString() => nameof(CodeInput);
}
