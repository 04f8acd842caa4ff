using System.Text.RegularExpressions;
using System.Xml.Linq;
using Callroute.Mfa.AspNetCore.Pages.Tests.Setting;
using Callroute.Mfa.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Callroute.Mfa.AspNetCore.Pages.Tests;

public sealed partial class TextTests
{
    private const string Package = "src/Callroute.Mfa.AspNetCore.Pages";

    private static readonly Dictionary<string, string> English = Read("MfaTexts.resx");

    // Everything in which a key may stand, with the names of the screens, which are the beginning of keys.
    private static readonly string Sources = string.Concat(
        Directory.EnumerateFiles(Path.Combine(Repository.Root, Package), "*.*", SearchOption.AllDirectories)
            .Where(path => path.EndsWith(".razor", StringComparison.Ordinal) || path.EndsWith(".cs", StringComparison.Ordinal))
            .Select(File.ReadAllText)
            .Concat(Enum.GetNames<MfaScreen>().Select(name => $"\"{name}\"")));

    public static TheoryData<string> Languages =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, Package, "Texts"), "MfaTexts.*.resx").Select(path => Path.GetFileName(path))];

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Placeholder { get; }

    [GeneratedRegex("(?<=\")[^\"]+[.](?=\"[)])")]
    private static partial Regex Sentence { get; }

    [Fact]
    public void Languages_OfThePackage_AreFive() => Assert.Equal(4, Languages.Count);

    [Theory]
    [MemberData(nameof(Languages))]
    public void Language_EveryText_IsThereWithItsPlaceholders(string file)
    {
        var texts = Read(file);

        Assert.Equal(English.Keys.Order(StringComparer.Ordinal), texts.Keys.Order(StringComparer.Ordinal));
        Assert.All(English, text => Assert.Equal(PlaceholdersOf(text.Value), PlaceholdersOf(texts[text.Key])));
        Assert.DoesNotContain(texts, text => string.IsNullOrWhiteSpace(text.Value));
        Assert.Equal(file.Split('.')[1], texts["Language"]);
    }

    // They are made from the names of what the library answers, so no compiler finds one that is missing.
    [Fact]
    public void Keys_OfAllThatTheLibraryAnswers_AreThere()
    {
        var outcomes = Enum.GetNames<MfaChangeOutcome>().Except([nameof(MfaChangeOutcome.Succeeded)]).Select(name => $"Outcome.{name}");
        var messages = Enum.GetNames<UserMessage>().Except([nameof(UserMessage.None)]).Select(name => $"Message.{name}");
        var events = Enum.GetNames<MfaEventKind>().Select(name => $"Event.{name}");

        Assert.Empty(outcomes.Concat(messages).Concat(events).Concat(CompatibilityWarnings()).Except(English.Keys));
    }

    [Fact]
    public void Keys_EveryOne_IsUsed()
    {
        string[] made = ["Outcome.", "Message.", "Event.", "Refused."];
        var unused = English.Keys.Where(key => !made.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal)))
            .Except(CompatibilityWarnings()).Where(key => !IsNamed(key));

        Assert.Empty(unused);
    }

    [Theory]
    [InlineData("de", "Sicherheit", "lang=\"de\" dir=\"ltr\"")]
    [InlineData("fr-CA", "Sécurité", "lang=\"fr\" dir=\"ltr\"")]
    [InlineData("es", "Seguridad", "lang=\"es\" dir=\"ltr\"")]
    [InlineData("he", "אבטחה", "lang=\"he\" dir=\"rtl\"")]
    [InlineData("nl", "Beveiliging", "lang=\"nl\" dir=\"ltr\"")]   // of the application: MfaTexts.nl.resx in its folder
    [InlineData("pl", "Security", "lang=\"en\" dir=\"ltr\"")]
    public async Task Page_InTheLanguageOfTheRequest_HasItsTexts(string language, string title, string attributes)
    {
        await using var host = await PageHost.StartAsync(map: app =>
        {
            app.UseRequestLocalization("en", "de", "fr-CA", "es", "he", "nl", "pl");
            Login.Map(app);
        });
        using var browser = host.Open();
        browser.Language = language;

        var page = await browser.LogInAsync();

        page.Shows($"<html {attributes}>");
        page.Shows($"<h1>{title}</h1>");
    }

    [Fact]
    public async Task Text_OfTheApplicationWithAWrongPlaceholder_IsShownInEnglishAndLoggedOnce()
    {
        using var log = new RecordedLog();
        await using var host = await PageHost.StartAsync(
            services => services.AddSingleton<ILoggerProvider>(log),
            app =>
            {
                app.UseRequestLocalization("en", "nl");
                Login.Map(app);
            });
        using var browser = host.Open();
        browser.Language = "nl";
        await browser.EnrollAsync();

        var page = await browser.LogInAsync();
        await browser.OpenAsync("/sign-in");

        page.Shows("Enter the code that your authenticator app shows under “Callroute”.");
        Assert.Single(log.Lines, line => line.StartsWith("Error The text 'SignIn.Text'", StringComparison.Ordinal));
    }

    private static Dictionary<string, string> Read(string file) =>
        XDocument.Parse(Repository.Read($"{Package}/Texts/{file}")).Root!.Elements("data")
            .ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value);

    private static IEnumerable<string> PlaceholdersOf(string text) =>
        Placeholder.Matches(text).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal);

    private static IEnumerable<string> CompatibilityWarnings() =>
        Sentence.Matches(Repository.Read("src/Callroute.Mfa.Core/Provisioning/AuthenticatorApps.cs")).Select(match => match.Value);

    // A whole key, or its beginning where the end is that of each page, or the unit of a wait.
    private static bool IsNamed(string key)
    {
        var dot = key.LastIndexOf('.');
        string[] names = key[(dot + 1)..] switch
        {
            "Title" or "Text" or "Do" => [key, key[..dot]],
            _ when key.StartsWith("Wait.", StringComparison.Ordinal) => [key, key[(dot + 1)..].TrimEnd('s')],
            _ => [key],
        };
        return names.Any(name => Sources.Contains($"\"{name}\"", StringComparison.Ordinal));
    }
}
