using System.Text.RegularExpressions;
using System.Xml.Linq;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Provisioning;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.AspNetCore.Tests.Pages;

/// <summary>The texts of the pages in every language.</summary>
public sealed partial class TextTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "src", "Callroute.Mfa.AspNetCore.Pages");
    private static readonly Dictionary<string, string> English = Read(string.Empty);

    public static TheoryData<string> Languages => ["de", "es", "fr", "he"];

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Placeholder { get; }

    [GeneratedRegex("""["]([A-Z][A-Za-z]*(?:\.[A-Za-z]+)*)["]""")]
    private static partial Regex Literal { get; }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Language_ComparedWithEnglish_HasTheSameKeysAndPlaceholders(string language)
    {
        var texts = Read($".{language}");

        Assert.Equal(English.Keys.Order(StringComparer.Ordinal), texts.Keys.Order(StringComparer.Ordinal));
        Assert.All(texts, text => Assert.Equal(PlaceholdersOf(English[text.Key]), PlaceholdersOf(text.Value)));
        Assert.Equal(language, texts["Language"]);
        Assert.DoesNotContain(texts, text => string.IsNullOrWhiteSpace(text.Value));
    }

    [Fact]
    public void Texts_OfEveryOutcomeEventMessageAndWarning_AreThere()
    {
        var needed = Enum.GetValues<MfaChangeOutcome>().Except([MfaChangeOutcome.Succeeded]).Select(outcome => $"Outcome.{outcome}")
            .Concat(Enum.GetValues<MfaEventKind>().Select(kind => $"Event.{kind}"))
            .Concat(Enum.GetValues<UserMessage>().Except([UserMessage.None]).Select(message => $"Message.{message}"))
            .Concat(Warnings());

        Assert.Empty(needed.Except(English.Keys));
    }

    [Fact]
    public void Texts_InTheSource_AreAllUsed()
    {
        var source = string.Concat(Directory.EnumerateFiles(Folder, "*.*", SearchOption.AllDirectories)
            .Where(path => path.EndsWith(".cs", StringComparison.Ordinal) || path.EndsWith(".razor", StringComparison.Ordinal))
            .Select(File.ReadAllText));
        var literals = Literal.Matches(source).Select(match => match.Groups[1].Value).ToHashSet();

        // The rest of these keys is the name of a screen, of a purpose, or of a member of an enumeration.
        string[] computed = [".Title", ".Text", ".Do", ".RecoveryCode", ".Wait"];
        var unused = English.Keys.Except(Warnings()).Where(key => !literals.Contains(key)
            && !key.StartsWith("Outcome.", StringComparison.Ordinal) && !key.StartsWith("Event.", StringComparison.Ordinal)
            && !key.StartsWith("Message.", StringComparison.Ordinal) && !key.StartsWith("Wait.", StringComparison.Ordinal)
            && !(computed.Any(end => key.EndsWith(end, StringComparison.Ordinal)) && literals.Contains(key[..key.LastIndexOf('.')])));

        Assert.DoesNotContain(unused, key => !Enum.TryParse<AspNetCore.Pages.MfaScreen>(key.Split('.')[0], out _));
    }

    [Theory]
    [InlineData("de", "Sicherheit", "lang=\"de\" dir=\"ltr\"")]
    [InlineData("he-IL", "אבטחה", "lang=\"he\" dir=\"rtl\"")]
    [InlineData("sv", "Security", "lang=\"en\" dir=\"ltr\"")]
    public async Task Page_InTheLanguageOfTheRequest_IsShown(string language, string title, string attributes)
    {
        await using var host = await PageHost.StartAsync();
        await host.LogInAsync();

        var page = await host.ReadAsync(language: language);

        Assert.Contains($"<h1>{title}</h1>", page, StringComparison.Ordinal);
        Assert.Contains(attributes, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_InALanguageThatTheApplicationAdds_IsShown()
    {
        // MfaTexts.it.resx of this project has two texts; the others stay English.
        await using var host = await PageHost.StartAsync();
        await host.LogInAsync();

        var page = await host.ReadAsync(language: "it-IT");

        Assert.Contains("<h1>Sicurezza</h1>", page, StringComparison.Ordinal);
        Assert.Contains("lang=\"it\"", page, StringComparison.Ordinal);
        Assert.Contains("Recent security events", page, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Read(string suffix) =>
        XDocument.Load(Path.Combine(Folder, "Texts", $"MfaTexts{suffix}.resx")).Descendants("data")
            .ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value);

    private static string[] PlaceholdersOf(string text) => [.. Placeholder.Matches(text).Select(match => match.Value).Order()];

    /// <summary>All that Core says of apps: the settings that MFA takes, and others.</summary>
    private static IEnumerable<string> Warnings() => (
        from size in (int[])[9, 16, 20]
        from digits in (int[])[6, 7, 8]
        from period in (int[])[30, 90]
        from algorithm in Enum.GetValues<OtpAlgorithm>()
        let secret = SharedSecret.FromBytes(new byte[size], minimumSize: 1)
        let totp = ProvisioningUri.ForTotp(
            "Callroute", "ann", secret, new() { Digits = digits, Period = TimeSpan.FromSeconds(period), Algorithm = algorithm })
        let hotp = ProvisioningUri.ForHotp("Callroute", "ann", secret, new(), 0)
        let foreign = ProvisioningUri.Parse("otpauth://totp/ann?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", lenient: true)
        from uri in (ProvisioningUri[])[totp, hotp, foreign]
        from warning in AuthenticatorApps.GetWarnings(uri)
        select warning.Message).Distinct();
}
