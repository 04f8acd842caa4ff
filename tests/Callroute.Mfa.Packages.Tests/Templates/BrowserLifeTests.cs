using System.Text.RegularExpressions;
using Callroute.Mfa.Testing;
using Microsoft.Playwright;

namespace Callroute.Mfa.Packages.Tests.Templates;

/// <summary>The pages of the stock templates in a real browser, with one line more in the application.</summary>
public sealed partial class BrowserLifeTests(PackedFeed feed, Chromium chromium)
{
    private const string Email = "ann@example.com";

    [GeneratedRegex("/Login$")]
    private static partial Regex LoginPage { get; }

    [Theory]
    [InlineData("webapp")]
    [InlineData("blazor")]
    public async Task Browser_SetUpAndSignIn_AcceptsEachCodeOnce(string template)
    {
        var browser = chromium.Browser;
        await using var site = await TemplateSite.StartAsync(feed, template, Database.Sqlite);
        await using var window = await browser.NewContextAsync(new() { BaseURL = site.Address.ToString() });
        window.SetDefaultTimeout(Chromium.TimeOut);
        var page = await window.NewPageAsync();

        await RegisterAsync(page, site.Pages);
        await EnterPasswordAsync(page, site.Pages);
        await page.GotoAsync($"{site.Pages}/Manage/EnableAuthenticator");
        using var phone = VirtualAuthenticator.Scan((await page.Locator("[data-url]").GetAttributeAsync("data-url"))!, TimeProvider.System);
        await FillAsync(page, "Verification Code", phone.GetCodeAt(site.CodeTime), "Verify");
        await Assertions.Expect(page.Locator("code.recovery-code")).ToHaveCountAsync(10);
        var recoveryCode = await page.Locator("code.recovery-code").First.InnerTextAsync();

        await site.AdvanceAsync(TimeSpan.FromSeconds(30));
        var code = phone.GetCodeAt(site.CodeTime);
        await EnterPasswordAsync(page, site.Pages);
        await FillAsync(page, "Authenticator code", code, "Log in");
        await Assertions.Expect(Logout(page)).ToBeVisibleAsync();
        await EnterPasswordAsync(page, site.Pages);
        await FillAsync(page, "Authenticator code", code, "Log in");
        await Assertions.Expect(page.GetByText("Invalid authenticator code").First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "log in with a recovery code" }).ClickAsync();
        await FillAsync(page, "Recovery Code", recoveryCode, "Log in");
        await Assertions.Expect(Logout(page)).ToBeVisibleAsync();
    }

    private static ILocator Logout(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "Logout" });

    private static async Task RegisterAsync(IPage page, string pages)
    {
        await page.GotoAsync($"{pages}/Register");
        await page.GetByLabel("Email").FillAsync(Email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(TemplateUser.Password);
        await FillAsync(page, "Confirm Password", TemplateUser.Password, "Register");
        await page.GetByText("Click here to confirm your account").ClickAsync();
        await Assertions.Expect(page.GetByText("Thank you for confirming your email")).ToBeVisibleAsync();
    }

    private static async Task EnterPasswordAsync(IPage page, string pages)
    {
        await page.Context.ClearCookiesAsync();
        await page.GotoAsync($"{pages}/Login");
        await page.GetByLabel("Email").FillAsync(Email);
        await FillAsync(page, "Password", TemplateUser.Password, "Log in");
        await Assertions.Expect(page).Not.ToHaveURLAsync(LoginPage);
    }

    private static async Task FillAsync(IPage page, string label, string text, string button)
    {
        await page.GetByLabel(label, new() { Exact = true }).FillAsync(text);
        await page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
    }
}
