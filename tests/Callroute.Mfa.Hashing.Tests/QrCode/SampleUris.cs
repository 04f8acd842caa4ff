using Callroute.Mfa.Otp;
using Callroute.Mfa.Provisioning;

namespace Callroute.Mfa.Hashing.Tests.QrCode;

/// <summary>URIs of every size that a picture must carry.</summary>
internal static class SampleUris
{
    public const string SecretText = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    public static ProvisioningUri Default => Totp("Callroute", "ann@example.com");

    // 2,331 characters are the most that correction level M holds.
    public static ProvisioningUri LongestAtM => OfLength(2331);

    public static ProvisioningUri ShortestAtL => OfLength(2332);

    public static ProvisioningUri Longest => OfLength(2953);

    public static ProvisioningUri TooLong => OfLength(2954);

    public static ProvisioningUri Named(string name) => name switch
    {
        "default" => Default,
        "unicode" => Totp("Ünïcødé 株式会社", "ann@例え.jp"),
        "longest ASCII label" => Totp(new string('i', 100), new string('a', 200)),
        "HOTP, 8 digits, SHA-512" => Hotp(),
        // The longest URI that MfaService offers: 100 characters of issuer and of account, in a script with three bytes per character.
        "longest offer" => ProvisioningUri.ForTotp(
            new string('株', 100),
            new string('会', 100),
            SharedSecret.FromBytes(new byte[64]),
            new TotpParameters { Algorithm = OtpAlgorithm.Sha512 }),
        "longest at M" => LongestAtM,
        "shortest at L" => ShortestAtL,
        "longest of all" => Longest,
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static ProvisioningUri Totp(string issuer, string account) =>
        ProvisioningUri.ForTotp(issuer, account, SharedSecret.FromBytes(Base32.Decode(SecretText)), new TotpParameters());

    private static ProvisioningUri Hotp()
    {
        var secret = SharedSecret.FromBytes(Enumerable.Range(1, 64).Select(number => (byte)number).ToArray());
        return ProvisioningUri.ForHotp(
            "Callroute", "ann", secret, new HotpParameters { Algorithm = OtpAlgorithm.Sha512, Digits = 8 }, long.MaxValue);
    }

    // A letter of three bytes takes nine characters (eighteen in the issuer, which stands twice), an ASCII letter one.
    private static ProvisioningUri OfLength(int length)
    {
        var rest = length - Totp("株", "a").Reveal().Length;
        var issuer = new string('株', 1 + Math.Min(rest / 18, 90));
        rest -= (issuer.Length - 1) * 18;
        var wide = rest / 9;
        return Totp(issuer, "a" + new string('株', wide) + new string('a', rest - wide * 9));
    }
}
