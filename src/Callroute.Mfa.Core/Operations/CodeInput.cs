using Callroute.Mfa.Otp;
using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Operations;

/// <summary>The text that the user typed into the code field. It is read as digits, as a recovery code, or as neither.</summary>
internal readonly record struct CodeInput(int? Digits, RecoveryCode? RecoveryCode)
{
    public MfaMethod? Method => Digits is not null ? MfaMethod.Totp : RecoveryCode is not null ? MfaMethod.RecoveryCode : null;

    public static CodeInput Read(string? response, MfaOptions options)
    {
        if (OtpCode.DigitsOf(response) is { } digits)
        {
            return options.Accepts(digits) ? new(digits, null) : default;
        }

        return RecoveryCode.TryParseAny(response, out var code) ? new(null, code) : default;
    }

    public override string ToString() => nameof(CodeInput);
}
