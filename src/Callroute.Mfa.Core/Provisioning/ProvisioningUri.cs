using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Provisioning;

/// <summary>Holds an <c>otpauth://</c> URI, which an authenticator app reads from a QR code.</summary>
/// <remarks>
/// Follows the Key URI Format. The issuer stands before the account and in a parameter. A space is <c>%20</c>, the secret has no padding,
/// and all parameters are present. Immutable and thread-safe. The text is a secret: only <see cref="Reveal"/> returns it, not
/// <see cref="ToString"/> and not a serializer.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class ProvisioningUri
{
    internal const int MaximumLength = 4096;
    internal const int MaximumIssuerLength = 100;
    internal const int MaximumAccountLength = 200;
    internal const string Scheme = "otpauth://";

    private ProvisioningUri(string issuer, string accountName, SharedSecret secret)
    {
        Issuer = issuer;
        AccountName = accountName;
        Secret = secret;
    }

    /// <summary>The issuer of the account; empty only if a parsed URI names no issuer.</summary>
    public string Issuer { get; }

    /// <summary>The account name. It distinguishes the account from others of the same issuer in the app.</summary>
    public string AccountName { get; }

    /// <summary>The shared secret. The URI owns it.</summary>
    public SharedSecret Secret { get; }

    /// <summary>The parameters of a time-based URI; null for a counter-based one.</summary>
    public TotpParameters? Totp { get; private init; }

    /// <summary>The parameters of a counter-based URI; null for a time-based one.</summary>
    public HotpParameters? Hotp { get; private init; }

    /// <summary>The first counter of a counter-based URI; 0 for a time-based one.</summary>
    public long Counter { get; private init; }

    /// <summary>Creates a time-based URI.</summary>
    /// <param name="issuer">1–100 characters without a colon or control character. Invisible characters are dropped.</param>
    /// <param name="accountName">1–200 characters without a colon or control character. Invisible characters are dropped.</param>
    /// <param name="secret">The shared secret; copied.</param>
    /// <param name="parameters">
    /// The authenticator's parameters. T0 must be the Unix epoch: the format cannot represent another value.
    /// </param>
    /// <returns>The URI.</returns>
    /// <exception cref="ArgumentException">A name has the wrong form, or T0 is not the Unix epoch.</exception>
    public static ProvisioningUri ForTotp(string issuer, string accountName, SharedSecret secret, TotpParameters parameters)
    {
        if (Guard.NotNull(parameters).T0 != DateTimeOffset.UnixEpoch)
        {
            throw new ArgumentException("parameters.T0 must be the Unix epoch, the only value of an otpauth URI.", nameof(parameters));
        }

        return new(Name(issuer, MaximumIssuerLength), Name(accountName, MaximumAccountLength), Copy(secret)) { Totp = parameters };
    }

    /// <summary>Creates a counter-based URI.</summary>
    /// <param name="issuer">1–100 characters without a colon or control character. Invisible characters are dropped.</param>
    /// <param name="accountName">1–200 characters without a colon or control character. Invisible characters are dropped.</param>
    /// <param name="secret">The shared secret; copied.</param>
    /// <param name="parameters">The authenticator's parameters.</param>
    /// <param name="counter">The first counter, not negative.</param>
    /// <returns>The URI.</returns>
    /// <exception cref="ArgumentException">A name has the wrong form.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="counter"/> is negative.</exception>
    public static ProvisioningUri ForHotp(
        string issuer, string accountName, SharedSecret secret, HotpParameters parameters, long counter)
    {
        Guard.NotNull(parameters);
        Guard.InRange(counter, 0, long.MaxValue);
        return new(Name(issuer, MaximumIssuerLength), Name(accountName, MaximumAccountLength), Copy(secret))
        {
            Hotp = parameters,
            Counter = counter,
        };
    }

    /// <summary>Parses a URI.</summary>
    /// <param name="text">At most 4,096 characters; longer text is refused without parsing.</param>
    /// <param name="lenient">
    /// False, the default: text that the parser does not understand is refused, never ignored. True for URIs of other systems, as apps
    /// read them: the secret is read as in <see cref="Base32.Decode"/> with <c>lenient</c>, other parameters than those of the type are
    /// ignored, the issuer parameter wins over the label, an empty issuer is none, and <c>HmacSHA1</c> and <c>SHA-1</c> are SHA1. Spaces
    /// and letters of other scripts need no percent-encoding.
    /// Where apps disagree, the URI is refused: a parameter that occurs twice, or <c>Secret</c> instead of <c>secret</c>.
    /// </param>
    /// <returns>The URI, which owns its secret.</returns>
    /// <exception cref="FormatException">The text is refused. The message says why, without any part of the text.</exception>
    public static ProvisioningUri Parse(string text, bool lenient = false)
    {
        var (uri, error) = ProvisioningUriParser.Parse(text ?? string.Empty, lenient);
        return uri ?? throw new FormatException($"Not a provisioning URI: {error}.");
    }

    /// <summary>Parses a URI, if it is one.</summary>
    /// <param name="text">At most 4,096 characters; longer text is refused without parsing. Null is refused.</param>
    /// <param name="lenient">Whether to accept URIs of other systems, as in <see cref="Parse"/>.</param>
    /// <param name="uri">The URI, which owns its secret; null if the text is refused.</param>
    /// <returns>Whether the text is a provisioning URI.</returns>
    public static bool TryParse(string? text, bool lenient, [NotNullWhen(true)] out ProvisioningUri? uri)
    {
        (uri, _) = ProvisioningUriParser.Parse(text ?? string.Empty, lenient);
        return uri is not null;
    }

    /// <summary>Returns the text of the URI, which contains the secret.</summary>
    /// <returns>The URI in ASCII: put it into a QR code, never log it or send it to a third party.</returns>
    /// <exception cref="ObjectDisposedException">The secret was disposed.</exception>
    public string Reveal()
    {
        var issuer = Uri.EscapeDataString(Issuer);
        var (prefix, parameter) = issuer.Length == 0 ? (string.Empty, string.Empty) : ($"{issuer}:", $"&issuer={issuer}");
        var label = prefix + Uri.EscapeDataString(AccountName);

        // Only the returned text holds the secret: the buffers of an interpolated string are not cleared.
        Span<char> key = stackalloc char[Base32.LengthOf(Secret.Size)];
        Base32.Encode(Secret.Key, key);
        var text = string.Concat(
            $"{Scheme}{(Hotp is null ? "totp" : "hotp")}/{label}?secret=", key, $"{parameter}&{RevealParameters()}");
        key.Clear();
        return text;
    }

    /// <summary>Returns the secret in the form that a user types into an app if scanning does not work.</summary>
    /// <returns>Base32 in groups of four with spaces between, such as <c>JBSW Y3DP</c>: show it once, never log it.</returns>
    /// <exception cref="ObjectDisposedException">The secret was disposed.</exception>
    public string RevealManualEntryKey()
    {
        Span<char> key = stackalloc char[Base32.LengthOf(Secret.Size)];
        Base32.Encode(Secret.Key, key);
        var text = TextGroups.OfFour(key, ' ');
        key.Clear();
        return text;
    }

    /// <summary>Returns the type and the kind of code, never the content.</summary>
    /// <returns><c>ProvisioningUri (Totp)</c> or <c>ProvisioningUri (Hotp)</c>.</returns>
    public override string ToString() => $"{nameof(ProvisioningUri)} ({(Hotp is null ? nameof(Totp) : nameof(Hotp))})";

    internal static ProvisioningUri Parsed(string issuer, string accountName, SharedSecret secret, TotpParameters parameters) =>
        new(issuer, accountName, secret) { Totp = parameters };

    internal static ProvisioningUri Parsed(
        string issuer, string accountName, SharedSecret secret, HotpParameters parameters, long counter) =>
        new(issuer, accountName, secret) { Hotp = parameters, Counter = counter };

    /// <summary>Drops the invisible characters of a name in a URI.</summary>
    /// <returns>The name; null if its form is wrong, or nothing would be visible.</returns>
    internal static string? CleanName(string text, int maximumLength)
    {
        if (text.Length > maximumLength || text.Contains(':', StringComparison.Ordinal) || !Guard.IsWellFormed(text))
        {
            return null;
        }

        var name = DisplayText.RemoveInvisible(text);
        return string.IsNullOrWhiteSpace(name) || name != name.Trim(' ') ? null : name;
    }

    /// <summary>Checks a name in a URI.</summary>
    internal static string Name(string text, int maximumLength, [CallerArgumentExpression(nameof(text))] string? name = null) =>
        CleanName(Guard.NotNull(text, name), maximumLength)
        ?? throw new ArgumentException(
            $"{name} must be 1–{maximumLength} characters of well-formed Unicode, at least one of them visible, without a colon, a control "
            + "character, or a space at either end.",
            name);

    private string RevealParameters()
    {
        var (algorithm, digits, movement) = Hotp is null
            ? (Totp!.Algorithm, Totp.Digits, string.Create(CultureInfo.InvariantCulture, $"period={(long)Totp.Period.TotalSeconds}"))
            : (Hotp.Algorithm, Hotp.Digits, string.Create(CultureInfo.InvariantCulture, $"counter={Counter}"));
        return string.Create(CultureInfo.InvariantCulture, $"algorithm={NameOf(algorithm)}&digits={digits}&{movement}");
    }

    private static SharedSecret Copy(SharedSecret secret) => SharedSecret.FromBytes(Guard.NotNull(secret).Key, minimumSize: 1);

    private static string NameOf(OtpAlgorithm algorithm) => algorithm.ToString().ToUpperInvariant();
}
