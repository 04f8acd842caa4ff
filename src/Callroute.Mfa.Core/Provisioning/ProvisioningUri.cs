using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Provisioning;

/// <summary>Holds an <c>otpauth://</c> URI, which an authenticator app reads from a QR code.</summary>
/// <remarks>
/// Follows the Key URI Format: issuer both before the account and as a parameter, <c>%20</c> for a space, an unpadded
/// secret, all parameters stated. Immutable and thread-safe. The text is a secret: <see cref="ToString"/> and serializers
/// do not tell it, <see cref="Reveal"/> does.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class ProvisioningUri
{
    /// <summary>The longest URI that is parsed or made, in characters.</summary>
    public const int MaximumLength = 4096;

    /// <summary>The longest issuer, in UTF-16 characters.</summary>
    public const int MaximumIssuerLength = 100;

    /// <summary>The longest account name, in UTF-16 characters.</summary>
    public const int MaximumAccountLength = 200;

    internal const string Scheme = "otpauth://";

    private ProvisioningUri(string issuer, string accountName, SharedSecret secret)
    {
        Issuer = issuer;
        AccountName = accountName;
        Secret = secret;
    }

    /// <summary>Whether the codes are time-based or counter-based.</summary>
    public OtpType Type => Hotp is null ? OtpType.Totp : OtpType.Hotp;

    /// <summary>Who issues the account; empty only in a parsed URI that names none.</summary>
    public string Issuer { get; }

    /// <summary>The account, which tells it apart from others of the issuer in the app.</summary>
    public string AccountName { get; }

    /// <summary>The shared secret. The URI owns it.</summary>
    public SharedSecret Secret { get; }

    /// <summary>The parameters of a time-based URI; null for a counter-based one.</summary>
    public TotpParameters? Totp { get; private init; }

    /// <summary>The parameters of a counter-based URI; null for a time-based one.</summary>
    public HotpParameters? Hotp { get; private init; }

    /// <summary>The first counter of a counter-based URI; 0 for a time-based one.</summary>
    public long Counter { get; private init; }

    /// <summary>Makes a time-based URI.</summary>
    /// <param name="issuer">1–100 characters without a colon or control character.</param>
    /// <param name="accountName">1–200 characters without a colon or control character.</param>
    /// <param name="secret">The shared secret; copied.</param>
    /// <param name="parameters">The authenticator's parameters. T0 must be the Unix epoch: the format has no place for another.</param>
    /// <returns>The URI.</returns>
    /// <exception cref="ArgumentException">A name has the wrong form, or T0 is not the Unix epoch.</exception>
    public static ProvisioningUri ForTotp(string issuer, string accountName, SharedSecret secret, TotpParameters parameters)
    {
        Expressible(parameters, nameof(parameters));
        return new(Name(issuer, MaximumIssuerLength), Name(accountName, MaximumAccountLength), Copy(secret)) { Totp = parameters };
    }

    /// <summary>Makes a counter-based URI.</summary>
    /// <param name="issuer">1–100 characters without a colon or control character.</param>
    /// <param name="accountName">1–200 characters without a colon or control character.</param>
    /// <param name="secret">The shared secret; copied.</param>
    /// <param name="parameters">The authenticator's parameters.</param>
    /// <param name="counter">The first counter, not negative.</param>
    /// <returns>The URI.</returns>
    /// <exception cref="ArgumentException">A name has the wrong form.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="counter"/> is negative.</exception>
    public static ProvisioningUri ForHotp(string issuer, string accountName, SharedSecret secret, HotpParameters parameters, long counter) =>
        new(Name(issuer, MaximumIssuerLength), Name(accountName, MaximumAccountLength), Copy(secret))
        {
            Hotp = Guard.NotNull(parameters),
            Counter = Guard.InRange(counter, 0, long.MaxValue),
        };

    /// <summary>Reads a URI.</summary>
    /// <param name="text">At most 4,096 characters.</param>
    /// <returns>The URI, which owns its secret.</returns>
    /// <exception cref="FormatException">The text is refused; the message tells the reason and no part of the text.</exception>
    public static ProvisioningUri Parse(string text) =>
        TryParse(text, out var uri, out var error) ? uri : throw new FormatException($"Not a provisioning URI: {error}.");

    /// <summary>Reads a URI, telling why one is refused. What is not understood is refused, never ignored.</summary>
    /// <param name="text">At most 4,096 characters; longer is refused before any work. Null is refused.</param>
    /// <param name="uri">The URI, which owns its secret; null when the text is refused.</param>
    /// <param name="error">The reason, or <see cref="ProvisioningUriError.None"/>.</param>
    /// <returns>Whether the text is a provisioning URI.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ProvisioningUri? uri, out ProvisioningUriError error)
    {
        (uri, error) = ProvisioningUriParser.Parse(text ?? string.Empty);
        return uri is not null;
    }

    /// <summary>Gives the URI's text, which holds the secret.</summary>
    /// <returns>The URI in ASCII: put it into a QR code, never log it or send it to another party.</returns>
    /// <exception cref="ObjectDisposedException">The secret was disposed.</exception>
    public string Reveal()
    {
        var type = Type == OtpType.Totp ? "totp" : "hotp";
        var issuer = Uri.EscapeDataString(Issuer);
        var (label, issuerParameter) = issuer.Length == 0 ? (string.Empty, string.Empty) : ($"{issuer}:", $"&issuer={issuer}");
        return $"{Scheme}{type}/{label}{Uri.EscapeDataString(AccountName)}?secret={Secret.RevealBase32()}{issuerParameter}&{RevealParameters()}";
    }

    /// <summary>Tells the kind, never the content.</summary>
    /// <returns>For example <c>ProvisioningUri (Totp)</c>.</returns>
    public override string ToString() => $"{nameof(ProvisioningUri)} ({Type})";

    internal static ProvisioningUri Parsed(string issuer, string accountName, SharedSecret secret, TotpParameters parameters) =>
        new(issuer, accountName, secret) { Totp = parameters };

    internal static ProvisioningUri Parsed(string issuer, string accountName, SharedSecret secret, HotpParameters parameters, long counter) =>
        new(issuer, accountName, secret) { Hotp = parameters, Counter = counter };

    internal static bool IsName(string text, int maximumLength) =>
        text.Length > 0 && text.Length <= maximumLength && !text.Contains(':', StringComparison.Ordinal)
        && text == text.Trim(' ') && Guard.IsWellFormed(text);

    private string RevealParameters() => Hotp is null
        ? string.Create(CultureInfo.InvariantCulture, $"algorithm={NameOf(Totp!.Algorithm)}&digits={Totp.Digits}&period={(long)Totp.Period.TotalSeconds}")
        : string.Create(CultureInfo.InvariantCulture, $"algorithm={NameOf(Hotp.Algorithm)}&digits={Hotp.Digits}&counter={Counter}");

    private static SharedSecret Copy(SharedSecret secret) => SharedSecret.FromBytes(Guard.NotNull(secret).Key, minimumSize: 1);

    private static string NameOf(OtpAlgorithm algorithm) => algorithm.ToString().ToUpperInvariant();

    /// <summary>The one rule about what the format can say of parameters.</summary>
    internal static TotpParameters Expressible(TotpParameters parameters, string name) =>
        Guard.NotNull(parameters, name).T0 == DateTimeOffset.UnixEpoch
            ? parameters
            : throw new ArgumentException("T0 must be the Unix epoch: an otpauth URI cannot carry another.", name);

    /// <summary>The one rule about names in a URI.</summary>
    internal static string Name(string text, int maximumLength, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(text))] string? name = null) =>
        IsName(Guard.NotNull(text, name), maximumLength)
            ? text
            : throw new ArgumentException($"Must be 1–{maximumLength} characters of well-formed Unicode, without a colon, a control character, or a space at either end.", name);
}
