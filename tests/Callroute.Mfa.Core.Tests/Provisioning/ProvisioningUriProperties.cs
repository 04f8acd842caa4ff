using Callroute.Mfa.Otp;
using Callroute.Mfa.Provisioning;
using FsCheck;
using FsCheck.Xunit;

namespace Callroute.Mfa.Core.Tests.Provisioning;

public class ProvisioningUriProperties
{
    // Letters, what the URI syntax uses itself, right-to-left, combining, wide, joined and supplementary characters.
    private static readonly string[] Pieces =
    [
        "a", "Z", "0", " ", "+", "%", "%41", "&", "=", "?", "#", "/", "@", "\"", "<", "ß", "İ", "é", "e\u0301", "שלום", "مرحبا", "\u202E",
        "漢字", "\u00A0", "\u200D", "👩‍👩‍👧", "😀", "🇩🇪", "\uFFFD", "\uFEFF", "\U0010FFFF",
    ];

    [Property(MaxTest = 1000)]
    public void Parse_RevealedTotp_GivesTheSameUri(byte[] issuerPieces, byte[] accountPieces, byte algorithm, byte digits, ushort period)
    {
        using var secret = RfcSeed.Sha1();
        var parameters = new TotpParameters { Algorithm = (OtpAlgorithm)(algorithm % 3), Digits = 4 + digits % 5, Period = TimeSpan.FromSeconds(15 + period % 286) };
        var made = ProvisioningUri.ForTotp(Name(issuerPieces), Name(accountPieces), secret, parameters);

        var parsed = ProvisioningUri.Parse(made.Reveal());
        using var parsedSecret = parsed.Secret;

        Assert.Equal((made.Issuer, made.AccountName, made.Totp), (parsed.Issuer, parsed.AccountName, parsed.Totp));
        Assert.Equal(made.Reveal(), parsed.Reveal());
        Assert.True(made.Reveal().All(char.IsAscii));
    }

    [Property(MaxTest = 500)]
    public void Parse_RevealedHotp_GivesTheSameUri(byte[] accountPieces, DoNotSize<long> counter)
    {
        using var secret = RfcSeed.Sha1();
        var made = ProvisioningUri.ForHotp("Example", Name(accountPieces), secret, HotpParameters.Default, counter.Item & long.MaxValue);

        var parsed = ProvisioningUri.Parse(made.Reveal());
        using var parsedSecret = parsed.Secret;

        Assert.Equal((made.AccountName, made.Hotp, made.Counter), (parsed.AccountName, parsed.Hotp, parsed.Counter));
    }

    [Property(MaxTest = 2000)]
    public void TryParse_AnyText_IsAnsweredAndWhatIsAcceptedReadsBack(string? text, byte[] pieces)
    {
        var query = string.Concat(pieces.Select(piece => Pieces[piece % Pieces.Length]));
        var candidates = new[] { text, $"otpauth://totp/{text}", $"otpauth://totp/a?secret=MZXW6YTB&issuer={query}", $"otpauth://hotp/{query}?{text}" };

        foreach (var candidate in candidates)
        {
            var parsed = ProvisioningUri.TryParse(candidate, out var uri, out var error);
            Assert.Equal(parsed, error == ProvisioningUriError.None);
            Assert.True(!parsed || ProvisioningUri.TryParse(uri!.Reveal(), out _, out _));
        }
    }

    // No space at either end, and short enough for an issuer whatever the pieces are.
    private static string Name(byte[] pieces) =>
        $"x{string.Concat(pieces.Take(12).Select(piece => Pieces[piece % Pieces.Length]))}x";
}
