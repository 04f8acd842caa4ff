using Callroute.Mfa.Otp;
using Callroute.Mfa.Provisioning;
using static System.FormattableString;

namespace Callroute.Mfa.OtpTool;

/// <summary>One account of an export. The app has no other time step than 30 s.</summary>
internal static class MigrationAccount
{
    private const int Hotp = 1;
    private const int Totp = 2;

    // Numbers of the export. Nothing, or 0, means the default of the app.
    private static readonly string[] Algorithms = ["SHA1", "SHA1", "SHA256", "SHA512"];
    private static readonly int[] Digits = [6, 6, 8];

    /// <exception cref="InputException">The account is damaged, or of a kind that this program does not know.</exception>
    public static ProvisioningUri Read(byte[] message, string name)
    {
        var (secret, label, issuer) = (Array.Empty<byte>(), string.Empty, string.Empty);
        var (algorithm, digits, type, counter) = (0, 0, 0, 0L);
        Message.Read(message, name, (field, input) =>
        {
            switch (field)
            {
                case 1: secret = input.ReadBytes().ToByteArray(); return true;
                case 2: label = input.ReadString(); return true;
                case 3: issuer = input.ReadString(); return true;
                case 4: algorithm = input.ReadEnum(); return true;
                case 5: digits = input.ReadEnum(); return true;
                case 6: type = input.ReadEnum(); return true;
                case 7: counter = input.ReadInt64(); return true;
                case 8: input.ReadString(); return true; // An id that newer versions of the app add. It says nothing about the account.
                default: return false;
            }
        });
        if (!IsIn(Algorithms, algorithm) || !IsIn(Digits, digits) || type is not (Hotp or Totp))
        {
            throw new InputException($"{name} has an unknown algorithm, length of codes or type.");
        }

        var uri = $"otpauth://{(type == Totp ? "totp" : "hotp")}/{Uri.EscapeDataString(label)}?secret={Base32.Encode(secret)}"
            + Invariant($"&algorithm={Algorithms[algorithm]}&digits={Digits[digits]}")
            + (issuer.Length > 0 ? $"&issuer={Uri.EscapeDataString(issuer)}" : string.Empty)
            + (type == Hotp ? Invariant($"&counter={counter}") : string.Empty);
        return ProvisioningUri.TryParse(uri, lenient: true, out var account)
            ? account
            : throw new InputException($"{name} has no secret, no name, or one that no app can show.");
    }

    /// <exception cref="InputException">The app does not support the account.</exception>
    public static byte[] Write(ProvisioningUri account, string name)
    {
        var (algorithm, digits) = (account.Totp?.Algorithm ?? account.Hotp!.Algorithm, account.Totp?.Digits ?? account.Hotp!.Digits);
        if (Array.IndexOf(Digits, digits) < 0 || account.Totp is { Period.TotalSeconds: not 30 })
        {
            throw new InputException($"{name}: Google Authenticator supports only 6 or 8 digits and a time step of 30 s.");
        }

        using var secret = account.Secret;
        return Message.Write(output =>
        {
            output.WriteField(1, Base32.Decode(secret.RevealBase32()));
            output.WriteField(2, account.AccountName);
            output.WriteField(3, account.Issuer);
            output.WriteField(4, Array.LastIndexOf(Algorithms, algorithm.ToString().ToUpperInvariant()));
            output.WriteField(5, Array.LastIndexOf(Digits, digits));
            output.WriteField(6, account.Totp is null ? Hotp : Totp);
            output.WriteField(7, account.Counter);
        });
    }

    private static bool IsIn<T>(T[] table, int index) => index >= 0 && index < table.Length;
}
