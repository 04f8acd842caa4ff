using System.Text.RegularExpressions;
using Callroute.Mfa.Samples.Tests.Portal.Setting;
using Microsoft.Playwright;

namespace Callroute.Mfa.Samples.Tests.Portal;

/// <summary>Every page of MFA on a narrow phone, in each language of the package.</summary>
public sealed partial class LanguageTests(Chromium chromium) : BrowserTest(chromium)
{
    private const string Security = "/profile/security";

    [GeneratedRegex("/administration/users/[^\"]+")]
    private static partial Regex User { get; }

    [Theory]
    [InlineData("de", "ltr")]
    [InlineData("es", "ltr")]
    [InlineData("fr", "ltr")]
    [InlineData("he", "rtl")]
    public async Task Pages_OnANarrowPhone_DoNotScrollSideways(string language, string direction)
    {
        var ann = await ArriveAsync(
            new BrowserNewContextOptions { Locale = language, ViewportSize = new() { Width = 320, Height = 740 } },
            "admin");
        await ann.PostAsync("/register", ("name", "Ann Example"), ("email", ann.Email), ("password", Person.Password));
        await LookAsync("", "/set-up");
        var codes = await ann.AddDeviceAsync();
        await LookAsync("/recovery-codes");
        await ann.SaveAsync(codes);
        var user = User.Match(await ann.PostAsync($"{Security}/administration", ("user", ann.Email))).Value;
        await LookAsync("/administration", user, $"{user}/unlock", $"{user}/reset");
        Portal.Clock.Advance(TimeSpan.FromMinutes(11));
        await LookAsync("", "/set-up", "/recovery-codes/new", "/devices", "/disable", "/step-up");
        await ann.AddDeviceAsync(("code", ann.Phone!.GetCode()), ("name", new string('M', 64)));
        await LookAsync("");
        await ann.PostAsync("/signout");
        await LookAsync("/sign-in");
        await ann.PassPasswordAsync();
        for (var i = 0; i < 5; i++)
        {
            await ann.PostAsync($"{Security}/sign-in", ("code", ann.WrongCode()));
        }

        await LookAsync("/sign-in", "/sign-in/recovery");

        async Task LookAsync(params string[] pages)
        {
            foreach (var page in pages)
            {
                await ann.GoToAsync(Security + page);
                await Assertions.Expect(ann.Page.Locator($".mfa[lang={language}][dir={direction}]")).ToBeVisibleAsync();
                Assert.True(
                    await ann.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"),
                    $"{page} is wider than 320 px.");
            }
        }
    }
}
