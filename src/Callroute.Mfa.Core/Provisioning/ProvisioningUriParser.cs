using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Provisioning;

/// <summary>Parses provisioning URIs in one pass. Every field has a maximum length, and parsing ends at the first error.</summary>
internal static class ProvisioningUriParser
{
    private const int MaximumParameters = 6;
    private const string Secret = "secret";

    // Longer than any valid label, and short enough that a refused text costs little memory.
    private const int MaximumLabelLength = ProvisioningUri.MaximumIssuerLength + ProvisioningUri.MaximumAccountLength + 8;

    public static (ProvisioningUri? Uri, string? Error) Parse(string text)
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

        if (IsTotp(rest[..slash]) is not { } isTotp)
        {
            return Refuse(ProvisioningUriError.UnknownType);
        }

        var label = query < 0 ? rest[(slash + 1)..] : rest[(slash + 1)..query];
        var error = ReadLabel(label, out var prefix, out var account);
        return error is not null
            ? Refuse(error)
            : Build(isTotp, prefix, account, query < 0 ? [] : rest[(query + 1)..]);
    }

    private static (ProvisioningUri? Uri, string? Error) Build(bool isTotp, string? prefix, string account, ReadOnlySpan<char> query)
    {
        var values = new Dictionary<string, string>(MaximumParameters, StringComparer.Ordinal);
        var error = ReadQuery(isTotp, query, values, out var secret);
        error ??= ReadIssuer(values, ref prefix);
        var (algorithm, digits, movement) = (OtpAlgorithm.Sha1, 6, 0L);
        error ??= ReadParameters(isTotp, values, out algorithm, out digits, out movement);
        error ??= secret is not null ? null
            : values.ContainsKey(Secret) ? ProvisioningUriError.InvalidSecret
            : ProvisioningUriError.MissingSecret;
        if (error is not null)
        {
            secret?.Dispose();
            return Refuse(error);
        }

        var issuer = prefix ?? string.Empty;
        var uri = isTotp
            ? ProvisioningUri.Parsed(issuer, account, secret!, NewTotp(algorithm, digits, movement))
            : ProvisioningUri.Parsed(issuer, account, secret!, new HotpParameters { Algorithm = algorithm, Digits = digits }, movement);
        return (uri, null);
    }

    private static TotpParameters NewTotp(OtpAlgorithm algorithm, int digits, long period) =>
        new() { Algorithm = algorithm, Digits = digits, Period = TimeSpan.FromSeconds(period) };

    private static string? ReadLabel(ReadOnlySpan<char> text, out string? prefix, out string account)
    {
        (prefix, account) = (null, string.Empty);
        Span<char> decoded = stackalloc char[MaximumLabelLength];
        if (!TryDecode(text, decoded, out var length))
        {
            return ProvisioningUriError.InvalidEncoding;
        }

        var label = new string(decoded[..length]);

        // The colon may be encoded as %3A, and spaces may follow it.
        var colon = label.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0)
        {
            prefix = label[..colon];
            label = label[(colon + 1)..].TrimStart(' ');
        }

        account = label;
        return ProvisioningUri.IsName(account, ProvisioningUri.MaximumAccountLength)
            && (prefix is null || ProvisioningUri.IsName(prefix, ProvisioningUri.MaximumIssuerLength))
            ? null
            : ProvisioningUriError.InvalidLabel;
    }

    // The secret is not among the values, because nobody can wipe a string. It is null if it is missing or invalid.
    private static string? ReadQuery(
        bool isTotp, ReadOnlySpan<char> query, Dictionary<string, string> values, out SharedSecret? secret)
    {
        secret = null;
        Span<char> decoded = stackalloc char[MaximumLengthOf(Secret)];
        foreach (var range in query.Split('&'))
        {
            var pair = query[range];
            var equals = pair.IndexOf('=');
            var name = equals < 0 ? string.Empty : NameOf(isTotp, pair[..equals]);
            if (name.Length == 0)
            {
                return query.IsEmpty ? ProvisioningUriError.MissingSecret : ProvisioningUriError.UnknownParameter;
            }

            if (!TryDecode(pair[(equals + 1)..], decoded[..MaximumLengthOf(name)], out var length))
            {
                return ProvisioningUriError.InvalidEncoding;
            }

            secret ??= name == Secret ? ReadSecret(decoded[..length]) : null;
            var value = name == Secret ? string.Empty : new string(decoded[..length]);
            decoded.Clear();
            if (!values.TryAdd(name, value))
            {
                return ProvisioningUriError.DuplicateParameter;
            }
        }

        return null;
    }

    private static string? ReadIssuer(Dictionary<string, string> values, ref string? issuer)
    {
        if (!values.TryGetValue("issuer", out var parameter))
        {
            return null;
        }

        if (!ProvisioningUri.IsName(parameter, ProvisioningUri.MaximumIssuerLength))
        {
            return ProvisioningUriError.InvalidIssuer;
        }

        var agrees = issuer is null || string.Equals(issuer, parameter, StringComparison.Ordinal);
        issuer = parameter;
        return agrees ? null : ProvisioningUriError.IssuerMismatch;
    }

    private static string? ReadParameters(
        bool isTotp, Dictionary<string, string> values, out OtpAlgorithm algorithm, out int digits, out long movement)
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

        return isTotp ? ReadPeriod(values, ref movement) : ReadCounter(values, out movement);
    }

    private static string? ReadPeriod(Dictionary<string, string> values, ref long period) =>
        !values.TryGetValue("period", out var text)
        || CanonicalNumber.TryRead(text, TotpParameters.MinimumSeconds, TotpParameters.MaximumSeconds, out period)
            ? null
            : ProvisioningUriError.InvalidPeriod;

    private static string? ReadCounter(Dictionary<string, string> values, out long counter)
    {
        counter = 0;
        return values.TryGetValue("counter", out var text) && CanonicalNumber.TryRead(text, 0, long.MaxValue, out counter)
            ? null
            : ProvisioningUriError.InvalidCounter;
    }

    private static SharedSecret? ReadSecret(ReadOnlySpan<char> text)
    {
        if (text.Contains('=') || !Base32.TryDecode(text, lenient: false, out var key))
        {
            return null;
        }

        // Apps accept short secrets, so the parser does too. AuthenticatorApps.GetWarnings names the apps that do not.
        var secret = key.Length is > 0 and <= SharedSecret.MaximumSize ? SharedSecret.FromBytes(key, minimumSize: 1) : null;
        CryptographicOperations.ZeroMemory(key);
        return secret;
    }

    // Null for an unknown type.
    private static bool? IsTotp(ReadOnlySpan<char> type)
    {
        if (type.Equals("totp", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        return type.Equals("hotp", StringComparison.OrdinalIgnoreCase) ? false : null;
    }

    private static string NameOf(bool isTotp, ReadOnlySpan<char> name) => name switch
    {
        Secret => Secret,
        "issuer" => "issuer",
        "algorithm" => "algorithm",
        "digits" => "digits",
        "period" when isTotp => "period",
        "counter" when !isTotp => "counter",
        _ => string.Empty,
    };

    // Longer than any valid value. All values are in memory at the same time, so each has its own maximum.
    private static int MaximumLengthOf(string name) => name switch
    {
        Secret => 256,
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

    private static bool TryDecode(ReadOnlySpan<char> text, Span<char> decoded, out int length)
    {
        length = 0;
        Span<byte> bytes = stackalloc byte[text.Length];
        var written = 0;
        while (!text.IsEmpty)
        {
            var read = text[0] == '%' ? 3 : 1;
            if (text.Length < read || !TryReadByte(text[..read], out bytes[written]))
            {
                return false;
            }

            text = text[read..];
            written++;
        }

        // Refuse invalid UTF-8 instead of replacing it, so that no name has two spellings.
        bytes = bytes[..written];
        var isText = Utf8.IsValid(bytes) && Encoding.UTF8.TryGetChars(bytes, decoded, out length);
        CryptographicOperations.ZeroMemory(bytes);
        return isText;
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

    private static (ProvisioningUri? Uri, string? Error) Refuse(string error) => (null, error);
}
