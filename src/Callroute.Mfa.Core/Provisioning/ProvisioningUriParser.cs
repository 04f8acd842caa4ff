using System.Buffers;
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
    private const int MaximumBytesPerCharacter = 3;
    private const string Secret = "secret";

    // Longer than any valid label, and short enough that a refused text costs little memory.
    private const int MaximumLabelLength = ProvisioningUri.MaximumIssuerLength + ProvisioningUri.MaximumAccountLength + 8;

    private static readonly string[] Names = [Secret, "issuer", "algorithm", "digits", "period", "counter"];

    public static (ProvisioningUri? Uri, string? Error) Parse(string text, bool lenient)
    {
        if (text.Length > ProvisioningUri.MaximumLength)
        {
            return (null, ProvisioningUriError.TooLong);
        }

        if (!text.StartsWith(ProvisioningUri.Scheme, StringComparison.OrdinalIgnoreCase) || text.Contains('#', StringComparison.Ordinal))
        {
            return (null, ProvisioningUriError.NotOtpAuth);
        }

        var rest = text.AsSpan(ProvisioningUri.Scheme.Length);
        var slash = rest.IndexOf('/');
        var query = rest.IndexOf('?');
        if (slash < 0 || (query >= 0 && query < slash) || rest[..slash].ContainsAny(":@"))
        {
            return (null, ProvisioningUriError.NotOtpAuth);
        }

        var isTotp = rest[..slash].Equals("totp", StringComparison.OrdinalIgnoreCase);
        if (!isTotp && !rest[..slash].Equals("hotp", StringComparison.OrdinalIgnoreCase))
        {
            return (null, ProvisioningUriError.UnknownType);
        }

        var label = query < 0 ? rest[(slash + 1)..] : rest[(slash + 1)..query];
        return ReadLabel(label, lenient, out var prefix, out var account) is { } error
            ? (null, error)
            : Build(isTotp, lenient, prefix, account, query < 0 ? [] : rest[(query + 1)..]);
    }

    private static (ProvisioningUri? Uri, string? Error) Build(
        bool isTotp, bool lenient, string? issuer, string account, ReadOnlySpan<char> query)
    {
        var values = new Dictionary<string, string>(MaximumParameters, StringComparer.Ordinal);
        var (algorithm, digits, period, counter) = (OtpAlgorithm.Sha1, 6L, 30L, 0L);
        var error = ReadQuery(isTotp, lenient, query, values, out var secret)
            ?? ReadIssuer(values, lenient, ref issuer)
            ?? ReadAlgorithm(values, lenient, ref algorithm)
            ?? ReadNumber(
                values, "digits", HmacOtp.MinimumDigits, HmacOtp.MaximumDigits, ref digits, ProvisioningUriError.InvalidDigits)
            ?? ReadNumber(
                values,
                "period",
                TotpParameters.MinimumSeconds,
                TotpParameters.MaximumSeconds,
                ref period,
                ProvisioningUriError.InvalidPeriod)
            ?? ReadNumber(values, "counter", 0, long.MaxValue, ref counter, ProvisioningUriError.InvalidCounter)
            ?? FindMissing(isTotp, values, secret);
        if (error is not null)
        {
            secret?.Dispose();
            return (null, error);
        }

        var name = issuer ?? string.Empty;
        var uri = isTotp
            ? ProvisioningUri.Parsed(
                name, account, secret!, new() { Algorithm = algorithm, Digits = (int)digits, Period = TimeSpan.FromSeconds(period) })
            : ProvisioningUri.Parsed(name, account, secret!, new() { Algorithm = algorithm, Digits = (int)digits }, counter);
        return (uri, null);
    }

    private static string? FindMissing(bool isTotp, Dictionary<string, string> values, SharedSecret? secret) =>
        !isTotp && !values.ContainsKey("counter") ? ProvisioningUriError.InvalidCounter
        : secret is not null ? null
        : values.ContainsKey(Secret) ? ProvisioningUriError.InvalidSecret
        : ProvisioningUriError.MissingSecret;

    private static string? ReadLabel(ReadOnlySpan<char> text, bool lenient, out string? prefix, out string account)
    {
        (prefix, account) = (null, string.Empty);
        Span<char> decoded = stackalloc char[MaximumLabelLength];
        if (!TryDecode(text, lenient, decoded, out var length))
        {
            return ProvisioningUriError.InvalidEncoding;
        }

        var label = new string(decoded[..length]);

        // The colon may be encoded as %3A, and spaces may follow it.
        var colon = label.IndexOf(':', StringComparison.Ordinal);
        var hasPrefix = colon > 0 || (colon == 0 && !lenient);
        prefix = hasPrefix ? ProvisioningUri.CleanName(label[..colon], ProvisioningUri.MaximumIssuerLength) : null;
        var rest = colon < 0 ? label : label[(colon + 1)..].TrimStart(' ');
        account = ProvisioningUri.CleanName(rest, ProvisioningUri.MaximumAccountLength) ?? string.Empty;
        return account.Length == 0 || (hasPrefix && prefix is null) ? ProvisioningUriError.InvalidLabel : null;
    }

    // The secret is not among the values, because nobody can wipe a string. It is null if it is missing or invalid.
    private static string? ReadQuery(
        bool isTotp, bool lenient, ReadOnlySpan<char> query, Dictionary<string, string> values, out SharedSecret? secret)
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
                if (lenient && IsIgnorable(equals < 0 ? pair : pair[..equals]))
                {
                    continue;
                }

                return query.IsEmpty ? ProvisioningUriError.MissingSecret : ProvisioningUriError.UnknownParameter;
            }

            if (!TryDecode(pair[(equals + 1)..], lenient, decoded[..MaximumLengthOf(name)], out var length))
            {
                return ProvisioningUriError.InvalidEncoding;
            }

            secret ??= name == Secret ? ReadSecret(decoded[..length], lenient) : null;
            var value = name == Secret ? string.Empty : new string(decoded[..length]);
            decoded.Clear();
            if (!values.TryAdd(name, value))
            {
                return ProvisioningUriError.DuplicateParameter;
            }
        }

        return null;
    }

    private static string? ReadIssuer(Dictionary<string, string> values, bool lenient, ref string? issuer)
    {
        if (!values.TryGetValue("issuer", out var parameter) || (lenient && parameter.Length == 0))
        {
            return null;
        }

        var prefix = issuer;
        issuer = ProvisioningUri.CleanName(parameter, ProvisioningUri.MaximumIssuerLength);
        return issuer is null ? ProvisioningUriError.InvalidIssuer
            : lenient || prefix is null || prefix == issuer ? null
            : ProvisioningUriError.IssuerMismatch;
    }

    private static string? ReadAlgorithm(Dictionary<string, string> values, bool lenient, ref OtpAlgorithm algorithm)
    {
        if (!values.TryGetValue("algorithm", out var text))
        {
            return null;
        }

        var name = text.ToUpperInvariant();
        OtpAlgorithm? known = (lenient ? WithoutHmac(name) : name) switch
        {
            "SHA1" => OtpAlgorithm.Sha1,
            "SHA256" => OtpAlgorithm.Sha256,
            "SHA512" => OtpAlgorithm.Sha512,
            _ => null,
        };
        algorithm = known ?? algorithm;
        return known is null ? ProvisioningUriError.InvalidAlgorithm : null;
    }

    private static string WithoutHmac(string name) =>
        (name.StartsWith("HMAC", StringComparison.Ordinal) ? name[4..] : name).Replace("-", string.Empty, StringComparison.Ordinal);

    // Leaves the number as it is if the parameter is missing.
    private static string? ReadNumber(
        Dictionary<string, string> values, string name, long minimum, long maximum, ref long number, string error) =>
        !values.TryGetValue(name, out var text) || (TryReadCanonical(text, out number) && number >= minimum && number <= maximum)
            ? null
            : error;

    // A number has one spelling only: no sign and no leading zero. Check the digits first: long.TryParse accepts NUL characters after them.
    private static bool TryReadCanonical(string text, out long number)
    {
        number = 0;
        return text.All(char.IsAsciiDigit)
            && (text.Length == 1 || !text.StartsWith('0'))
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static SharedSecret? ReadSecret(ReadOnlySpan<char> text, bool lenient)
    {
        if ((!lenient && text.Contains('=')) || !Base32.TryDecode(text, lenient, out var key))
        {
            return null;
        }

        // Apps accept short secrets, so the parser does too. AuthenticatorApps.GetWarnings names the apps that do not.
        var secret = key.Length is > 0 and <= SharedSecret.MaximumSize ? SharedSecret.FromBytes(key, minimumSize: 1) : null;
        CryptographicOperations.ZeroMemory(key);
        return secret;
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

    // Apps disagree about names that differ from a known one only by case or percent-encoding, so such a name is refused.
    private static bool IsIgnorable(ReadOnlySpan<char> name)
    {
        var mayBeKnown = name.Contains('%');
        foreach (var known in Names)
        {
            mayBeKnown |= name.Equals(known, StringComparison.OrdinalIgnoreCase);
        }

        return !mayBeKnown || name is "period" or "counter";
    }

    // Longer than any valid value. All values are in memory at the same time, so each has its own maximum.
    private static int MaximumLengthOf(string name) => name switch
    {
        Secret => 256,
        "issuer" => 128,
        _ => 32,
    };

    private static bool TryDecode(ReadOnlySpan<char> text, bool lenient, Span<char> decoded, out int length)
    {
        length = 0;
        Span<byte> bytes = stackalloc byte[text.Length * MaximumBytesPerCharacter];
        var written = 0;
        while (!text.IsEmpty)
        {
            var read = ReadNext(text, lenient, bytes[written..], out var count);
            if (read == 0)
            {
                return false;
            }

            text = text[read..];
            written += count;
        }

        // Refuse invalid UTF-8 instead of replacing it, so that no name has two spellings.
        bytes = bytes[..written];
        var isText = Utf8.IsValid(bytes) && Encoding.UTF8.TryGetChars(bytes, decoded, out length);
        CryptographicOperations.ZeroMemory(bytes);
        return isText;
    }

    /// <summary>Reads one character. Apps also take a space and letters of any script that are not percent-encoded.</summary>
    /// <returns>How many characters of the text it is; 0 if it is not allowed.</returns>
    private static int ReadNext(ReadOnlySpan<char> text, bool lenient, Span<byte> destination, out int count)
    {
        count = 1;
        if (text[0] == '%')
        {
            return text.Length >= 3 && Convert.FromHexString(text[1..3], destination, out _, out _) == OperationStatus.Done ? 3 : 0;
        }

        if (lenient && text[0] >= 0x80)
        {
            var isCharacter = Rune.DecodeFromUtf16(text, out var rune, out var read) == OperationStatus.Done;
            count = rune.EncodeToUtf8(destination);
            return isCharacter ? read : 0;
        }

        destination[0] = unchecked((byte)text[0]);
        return text[0] is > ' ' and < (char)0x7F || (lenient && text[0] == ' ') ? 1 : 0;
    }
}
