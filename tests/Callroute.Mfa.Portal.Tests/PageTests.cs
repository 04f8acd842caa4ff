using Deque.AxeCore.Playwright;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Playwright;

namespace Callroute.Mfa.Portal.Tests;

/// <summary>Every page in every state that a person gets to see: its headers, what axe finds, and its picture for docs/portal.md.</summary>
public sealed class PageTests(Chromium chromium) : BrowserTest(chromium)
{
    private static readonly (int Width, int Height, string Name)[] Screens = [(1280, 800, "desktop"), (360, 740, "phone")];
    private static readonly ColorScheme[] Schemes = [ColorScheme.Light, ColorScheme.Dark];

    [Fact]
    public async Task Pages_OfTheSignIn_AreAccessibleAndKeptByNobody()
    {
        var ann = await ArriveAsync();
        await ann.GoToAsync("/signin");
        await CheckAsync(ann, "sign-in");
        await ann.EnterPasswordAsync();
        await ann.ReadsAsync(ann.Alert, "not right");
        await CheckAsync(ann, "sign-in-refused");
        await ann.GoToAsync("/register");
        await CheckAsync(ann, "register");
        await ann.RegisterAsync();
        await CheckAsync(ann, "profile");
        await ann.EnableMfaAsync();
        await ann.SignOutAsync();
        await ann.EnterPasswordAsync();
        await ann.SeesAsync("Two Factor Authentication");
        await CheckAsync(ann, "code");
        for (var i = 0; i < 5; i++)
        {
            await ann.EnterCodeAsync(ann.WrongCode());
            await ann.ReadsAsync(ann.Alert, "not accepted");
        }

        await CheckAsync(ann, "code-wait");
        Portal.Clock.Advance(TimeSpan.FromMinutes(11));
        await ann.EnterCodeAsync(ann.WrongCode());
        await ann.ReadsAsync("That took too long");
        await CheckAsync(ann, "sign-in-again");
        await ann.SignInAsync(ann.RecoveryCode);
        await ann.SeesAsync("Your recovery code");
        await CheckAsync(ann, "recovered");
        await ann.GoToAsync("/nowhere");
        await CheckAsync(ann, "not-found");
        Assert.Empty(ann.Complaints);
    }

    [Fact]
    public async Task Pages_OfTheSecurityTab_AreAccessibleAndKeptByNobody()
    {
        var ann = await ArriveAsync();
        await ann.RegisterAsync();
        await ann.OpenSecurityAsync();
        await CheckAsync(ann, "security-off");
        await ann.ClickAsync("Set up Multi-Factor Authentication");
        await ann.ScanAsync();
        await CheckAsync(ann, "set-up");
        await ann.VerifyAsync(ann.WrongCode());
        await ann.ReadsAsync(ann.Alert, "not right");
        await CheckAsync(ann, "set-up-refused");
        await ann.VerifyAsync(ann.Phone!.GetCode());
        await ann.SeesAsync("Your recovery code");
        await CheckAsync(ann, "recovery-code");
        ann.RecoveryCode = await ann.ReadRecoveryCodeAsync();
        await ann.SaveRecoveryCodeAsync();
        await CheckAsync(ann, "security-enabled");
        Portal.Clock.Advance(TimeSpan.FromMinutes(4));
        await ann.FollowAsync("Add an authenticator");
        await CheckAsync(ann, "add");
        await ann.FillAsync("Name of the device (optional)", "Tablet");
        await ann.EnterAsync(ann.NextCode(), "Continue");
        await ann.ScanAsync();
        await ann.VerifyAsync(ann.Phone!.GetCode());
        await ann.ReadsAsync("Your authenticator is set up.");
        await CheckAsync(ann, "security-two-devices");
        await ann.Page.GetByRole(AriaRole.Switch).ClickAsync();
        await CheckAsync(ann, "disable-dialog");
        await ann.FollowAsync("Cancel");
        await ann.FollowAsync("Remove Tablet");
        await CheckAsync(ann, "remove");
        await ann.GoToAsync("/profile/security");
        await ann.FollowAsync("Change device of Tablet");
        await CheckAsync(ann, "change-device");
        await ann.GoToAsync("/profile/security/regenerate");
        await CheckAsync(ann, "regenerate");
        Portal.Clock.Advance(TimeSpan.FromMinutes(11));
        await ann.GoToAsync("/profile/security/disable");
        await CheckAsync(ann, "disable-page");
        await ann.EnterAsync(ann.RecoveryCode, "Disable");
        await ann.ReadsAsync("MFA is now disabled.");
        await CheckAsync(ann, "security-disabled");
        Assert.Empty(ann.Complaints);
    }

    [Fact]
    public async Task Headers_OfEveryAnswer_ForbidWhatPagesDoNotNeed()
    {
        var ann = await ArriveAsync();
        List<IResponse> answers = [];
        ann.Page.Response += (_, answer) => answers.Add(answer);
        await ann.RegisterAsync();
        await ann.EnableMfaAsync();
        await ann.SignOutAsync();
        await ann.SignInAsync(ann.RecoveryCode);
        await ann.SeesAsync("Your recovery code");
        await ann.GoToAsync("/nowhere");

        foreach (var answer in answers.ToArray())
        {
            var policy = await answer.HeaderValueAsync("content-security-policy");
            Assert.StartsWith("default-src 'none'; style-src 'self'; script-src 'self';", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", await answer.HeaderValueAsync("x-content-type-options"));
            Assert.Equal("same-origin", await answer.HeaderValueAsync("referrer-policy"));
            if (answer.Request.ResourceType == "document")
            {
                Assert.Contains("no-store", await answer.HeaderValueAsync("cache-control"), StringComparison.Ordinal);
            }
        }

        Assert.Contains(answers, answer => answer.Request.Method == "POST" && answer.Status == 200);
        Assert.Contains(answers, answer => answer.Status == 404);
    }

    [Fact]
    public async Task Headers_OverHttpsOutsideLocalhost_DemandHttpsFromThenOn()
    {
        var data = Directory.CreateTempSubdirectory("callroute-portal-").FullName;
        await using var portal = new WebApplicationFactory<Program>().WithWebHostBuilder(host => host.UseEnvironment("Production").UseSetting("Portal:Data", data));
        using var client = portal.CreateClient(new() { BaseAddress = new Uri("https://portal.example") });

        using var answer = await client.GetAsync("/signin", TestContext.Current.CancellationToken);

        Assert.Contains("max-age", answer.Headers.GetValues("Strict-Transport-Security").Single(), StringComparison.Ordinal);
    }

    private static async Task CheckAsync(Person person, string name)
    {
        foreach (var (width, height, screen) in Screens)
        {
            await person.Page.SetViewportSizeAsync(width, height);
            Assert.True(await person.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{name} is wider than {width} px.");
            foreach (var scheme in Schemes)
            {
                await person.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                var found = await person.Page.RunAxe();
                Assert.True(found.Violations.Length == 0, $"{name}, {scheme}, {width} px: {string.Join("; ", found.Violations.Select(violation => $"{violation.Id}: {violation.Help} ({string.Join(", ", violation.Nodes.Select(node => node.Html))})"))}");
                await Pictures.TakeAsync(person.Page, name, screen, scheme);
            }
        }
    }
}
