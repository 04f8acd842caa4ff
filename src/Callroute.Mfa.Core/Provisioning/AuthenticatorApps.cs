using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Provisioning;

/// <summary>
/// Lists how authenticator apps handle unusual parameters, according to published tests and the documentation of the apps.
/// </summary>
/// <remarks>
/// Periods were seen in <see href="https://github.com/privacyidea/privacyidea/issues/1156">Authy in 2018</see>, in
/// <see href="https://github.com/BastiaanJansen/otp-java/issues/62">Authy in 2022</see>, and in
/// <see href="https://github.com/keepassxreboot/keepassxc/issues/7095">KeePassXC 2.6.6</see>.
/// </remarks>
public static class AuthenticatorApps
{
    private const int Base32GroupSize = 5;
    private const int GoogleMinimumKeySize = 10;

    /// <summary>Lists the parts of a URI that apps ignore or refuse.</summary>
    /// <param name="uri">The URI.</param>
    /// <returns>
    /// The warnings, ordered by app; none for SHA-1, 6 digits, 30 s and 20 bytes with an issuer. No warning means that no problem
    /// is known.
    /// </returns>
    public static IReadOnlyList<CompatibilityWarning> GetWarnings(ProvisioningUri uri)
    {
        Guard.NotNull(uri);
        return [.. Google(uri), .. Microsoft(uri), .. Authy(uri), .. KeePassXC(uri)];
    }

    private static IEnumerable<CompatibilityWarning> Google(ProvisioningUri uri) => Warnings(
        AuthenticatorApp.Google,
        (AlgorithmOf(uri) != OtpAlgorithm.Sha1, "Older Android versions ignore the algorithm and use SHA1."),
        (DigitsOf(uri) == 8, "Older Android versions ignore the digits and show 6."),
        (DigitsOf(uri) is not (6 or 8), "Shows 6 or 8 digits only."),
        (PeriodOf(uri) != 30, "Is documented to ignore the period and to use 30 seconds."),
        (uri.Secret.Size < GoogleMinimumKeySize, "Refuses secrets under 10 bytes in manual entry."),
        (uri.Secret.Size % Base32GroupSize != 0, "Older iOS versions refuse secrets whose size is not a multiple of 5 bytes."));

    private static IEnumerable<CompatibilityWarning> Microsoft(ProvisioningUri uri) => Warnings(
        AuthenticatorApp.Microsoft,
        (uri.Hotp is not null, "Treats a counter-based account as time-based."),
        (AlgorithmOf(uri) != OtpAlgorithm.Sha1, "Ignores the algorithm and uses SHA1."),
        (DigitsOf(uri) != 6, "Ignores the digits and shows 6."),
        (PeriodOf(uri) != 30, "Ignores the period and uses 30 seconds."),
        (uri.Issuer.Length == 0, "Needs an issuer to name the account."));

    private static IEnumerable<CompatibilityWarning> Authy(ProvisioningUri uri) => Warnings(
        AuthenticatorApp.Authy,
        (AlgorithmOf(uri) != OtpAlgorithm.Sha1, "Ignores the algorithm and uses SHA1."),
        (DigitsOf(uri) is not (6 or 8), "Shows 6 or 8 digits only."),
        (PeriodOf(uri) != 30, "Ignores the period and uses 30 seconds."));

    private static IEnumerable<CompatibilityWarning> KeePassXC(ProvisioningUri uri) => Warnings(
        AuthenticatorApp.KeePassXC,
        (PeriodOf(uri) > 60, "Older versions cut a period over 60 seconds to 60."));

    private static IEnumerable<CompatibilityWarning> Warnings(AuthenticatorApp app, params (bool Applies, string Message)[] rules) =>
        rules.Where(rule => rule.Applies).Select(rule => new CompatibilityWarning(app, rule.Message));

    private static OtpAlgorithm AlgorithmOf(ProvisioningUri uri) => uri.Totp?.Algorithm ?? uri.Hotp!.Algorithm;

    private static int DigitsOf(ProvisioningUri uri) => uri.Totp?.Digits ?? uri.Hotp!.Digits;

    private static double PeriodOf(ProvisioningUri uri) => uri.Totp?.Period.TotalSeconds ?? 30;
}
