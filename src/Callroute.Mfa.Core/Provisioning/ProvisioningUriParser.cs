using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Provisioning;

/// <summary>Reads provisioning URIs: one pass, every field bounded, the first thing not understood ends it.</summary>
internal static class ProvisioningUriParser
{
    private const int MaximumParameters = 6;

    // Longer than any label that can be valid, short enough that a refusal costs little memory.
    private const int MaximumLabelLength = ProvisioningUri.MaximumIssuerLength + ProvisioningUri.MaximumAccountLength + 8;

    public static (ProvisioningUri? Uri, ProvisioningUriError Error) Parse(string text)
    {
        if (text.Length > ProvisioningUri.MaximumLength)
        {
            return Refuse(ProvisioningUriError.TooLong);
        }

        if (!text.StartsWith(ProvisioningUri.Scheme, StringComparison.OrdinalIgnoreCase) || text.Contains('#', StringComparison.Ordinal))
        {
            return Refuse(ProvisioningUriError.NotOtpAuth);
        }

        var rest = text.AsSpan(ProvisioningUri.Scheme.Length);
        var slash = rest.IndexOf('/');
        var query = rest.IndexOf('?');
        if (slash < 0 || (query >= 0 && query < slash) || rest[..slash].ContainsAny(":@"))
        {
            return Refuse(ProvisioningUriError.NotOtpAuth);
        }

        if (TypeOf(rest[..slash]) is not { } type)
        {
            return Refuse(ProvisioningUriError.UnknownType);
        }

        var label = query < 0 ? rest[(slash + 1)..] : rest[(slash + 1)..query];
        var error = ReadLabel(label, out var prefix, out var account);
        return error != ProvisioningUriError.None
            ? Refuse(error)
            : Build(type, prefix, account, query < 0 ? [] : rest[(query + 1)..]);
    }

    private static (ProvisioningUri? Uri, ProvisioningUriError Error) Build(OtpType type, string? prefix, string account, ReadOnlySpan<char> query)
    {
        var values = new Dictionary<string, string>(MaximumParameters, StringComparer.Ordinal);
        var error = ReadQuery(type, query, values);
        if (error == ProvisioningUriError.None)
        {
            error = ReadIssuer(values, ref prefix);
        }

        var (algorithm, digits, movement) = (OtpAlgorithm.Sha1, 6, 0L);
        if (error == ProvisioningUriError.None)
        {
            error = ReadParameters(type, values, out algorithm, out digits, out movement);
        }

        var key = Array.Empty<byte>();
        if (error == ProvisioningUriError.None)
        {
            error = ReadSecret(values, out key);
        }

        if (error != ProvisioningUriError.None)
        {
            return Refuse(error);
        }

        // Apps and people share short secrets too; whoever enrols one is warned (AuthenticatorApps).
        var secret = SharedSecret.FromBytes(key, minimumSize: 1);
        CryptographicOperations.ZeroMemory(key);
        return type == OtpType.Totp
            ? (ProvisioningUri.Parsed(prefix ?? string.Empty, account, secret, new TotpParameters { Algorithm = algorithm, Digits = digits, Period = TimeSpan.FromSeconds(movement) }), ProvisioningUriError.None)
            : (ProvisioningUri.Parsed(prefix ?? string.Empty, account, secret, new HotpParameters { Algorithm = algorithm, Digits = digits }, movement), ProvisioningUriError.None);
    }

    private static ProvisioningUriError ReadLabel(ReadOnlySpan<char> text, out string? prefix, out string account)
    {
        (prefix, account) = (null, string.Empty);
        if (!TryDecode(text, MaximumLabelLength, out var label))
        {
            return ProvisioningUriError.InvalidEncoding;
        }

        // The colon may stand as itself or as %3A, with spaces after it.
        var colon = label.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0)
        {
            prefix = label[..colon];
            label = label[(colon + 1)..].TrimStart(' ');
        }

        account = label;
        return ProvisioningUri.IsName(account, ProvisioningUri.MaximumAccountLength) && (prefix is null || ProvisioningUri.IsName(prefix, ProvisioningUri.MaximumIssuerLength))
            ? ProvisioningUriError.None
            : ProvisioningUriError.InvalidLabel;
    }

    private static ProvisioningUriError ReadQuery(OtpType type, ReadOnlySpan<char> query, Dictionary<string, string> values)
    {
        foreach (var range in query.Split('&'))
        {
            var pair = query[range];
            var equals = pair.IndexOf('=');
            var name = equals < 0 ? string.Empty : NameOf(type, pair[..equals]);
            if (name.Length == 0)
            {
                return query.IsEmpty ? ProvisioningUriError.MissingSecret : ProvisioningUriError.UnknownParameter;
            }

            if (!TryDecode(pair[(equals + 1)..], MaximumLengthOf(name), out var value))
            {
                return ProvisioningUriError.InvalidEncoding;
            }

            if (!values.TryAdd(name, value))
            {
                return ProvisioningUriError.DuplicateParameter;
            }
        }

        return ProvisioningUriError.None;
    }

    private static ProvisioningUriError ReadIssuer(Dictionary<string, string> values, ref string? issuer)
    {
        if (!values.TryGetValue("issuer", out var parameter))
        {
            return ProvisioningUriError.None;
        }

        if (!ProvisioningUri.IsName(parameter, ProvisioningUri.MaximumIssuerLength))
        {
            return ProvisioningUriError.InvalidIssuer;
        }

        var agrees = issuer is null || string.Equals(issuer, parameter, StringComparison.Ordinal);
        issuer = parameter;
        return agrees ? ProvisioningUriError.None : ProvisioningUriError.IssuerMismatch;
    }

    private static ProvisioningUriError ReadParameters(OtpType type, Dictionary<string, string> values, out OtpAlgorithm algorithm, out int digits, out long movement)
    {
        (algorithm, digits, movement) = (OtpAlgorithm.Sha1, 6, 30);
        if (values.TryGetValue("algorithm", out var text) && !TryReadAlgorithm(text, out algorithm))
        {
            return ProvisioningUriError.InvalidAlgorithm;
        }

        if (values.TryGetValue("digits", out text))
        {
            if (!CanonicalNumber.TryRead(text, HmacOtp.MinimumDigits, HmacOtp.MaximumDigits, out var number))
            {
                return ProvisioningUriError.InvalidDigits;
            }

            digits = (int)number;
        }

        return type == OtpType.Totp ? ReadPeriod(values, ref movement) : ReadCounter(values, out movement);
    }

    private static ProvisioningUriError ReadPeriod(Dictionary<string, string> values, ref long period) =>
        !values.TryGetValue("period", out var text)
        || CanonicalNumber.TryRead(text, (long)TotpParameters.MinimumPeriod.TotalSeconds, (long)TotpParameters.MaximumPeriod.TotalSeconds, out period)
            ? ProvisioningUriError.None
            : ProvisioningUriError.InvalidPeriod;

    private static ProvisioningUriError ReadCounter(Dictionary<string, string> values, out long counter)
    {
        counter = 0;
        return values.TryGetValue("counter", out var text) && CanonicalNumber.TryRead(text, 0, long.MaxValue, out counter)
            ? ProvisioningUriError.None
            : ProvisioningUriError.InvalidCounter;
    }

    private static ProvisioningUriError ReadSecret(Dictionary<string, string> values, out byte[] key)
    {
        key = [];
        if (!values.TryGetValue("secret", out var text))
        {
            return ProvisioningUriError.MissingSecret;
        }

        var isSecret = !text.Contains('=', StringComparison.Ordinal)
            && Base32.TryDecode(text, Base32Format.Strict, out key!, out _, out _)
            && key.Length is > 0 and <= SharedSecret.MaximumSize;
        return isSecret ? ProvisioningUriError.None : ProvisioningUriError.InvalidSecret;
    }

    private static OtpType? TypeOf(ReadOnlySpan<char> text)
    {
        if (text.Equals("totp", StringComparison.OrdinalIgnoreCase))
        {
            return OtpType.Totp;
        }

        return text.Equals("hotp", StringComparison.OrdinalIgnoreCase) ? OtpType.Hotp : null;
    }

    private static string NameOf(OtpType type, ReadOnlySpan<char> name) => name switch
    {
        "secret" => "secret",
        "issuer" => "issuer",
        "algorithm" => "algorithm",
        "digits" => "digits",
        "period" when type == OtpType.Totp => "period",
        "counter" when type == OtpType.Hotp => "counter",
        _ => string.Empty,
    };

    // As for the label. All values together are held at once, so each has its own bound.
    private static int MaximumLengthOf(string name) => name switch
    {
        "secret" => 256,
        "issuer" => 128,
        _ => 32,
    };

    private static bool TryReadAlgorithm(string text, out OtpAlgorithm algorithm)
    {
        (var known, algorithm) = text.ToUpperInvariant() switch
        {
            "SHA1" => (true, OtpAlgorithm.Sha1),
            "SHA256" => (true, OtpAlgorithm.Sha256),
            "SHA512" => (true, OtpAlgorithm.Sha512),
            _ => (false, OtpAlgorithm.Sha1),
        };
        return known;
    }

    private static bool TryDecode(ReadOnlySpan<char> text, int maximumLength, [NotNullWhen(true)] out string? decoded)
    {
        decoded = null;
        Span<byte> bytes = stackalloc byte[text.Length];
        var written = 0;
        while (!text.IsEmpty)
        {
            var length = text[0] == '%' ? 3 : 1;
            if (text.Length < length || !TryReadByte(text[..length], out bytes[written]))
            {
                return false;
            }

            text = text[length..];
            written++;
        }

        // Invalid UTF-8 is refused, not replaced: two spellings of one name must not exist.
        bytes = bytes[..written];
        if (Utf8.IsValid(bytes) && Encoding.UTF8.GetCharCount(bytes) <= maximumLength)
        {
            decoded = Encoding.UTF8.GetString(bytes);
        }

        return decoded is not null;
    }

    private static bool TryReadByte(ReadOnlySpan<char> text, out byte value)
    {
        if (text.Length > 1)
        {
            value = 0;
            return char.IsAsciiHexDigit(text[1]) && char.IsAsciiHexDigit(text[2])
                && byte.TryParse(text[1..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
        }

        var isPrintable = text[0] is > ' ' and < (char)0x7F;
        value = isPrintable ? (byte)text[0] : (byte)0;
        return isPrintable;
    }

    private static (ProvisioningUri? Uri, ProvisioningUriError Error) Refuse(ProvisioningUriError error) => (null, error);
}
