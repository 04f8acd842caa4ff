using Callroute.Mfa.Samples.Tests.Portal.Setting;
using Microsoft.Data.Sqlite;
using Microsoft.Playwright;

namespace Callroute.Mfa.Samples.Tests.Portal;

/// <summary>Every page in every state that a person gets to see: its headers, what axe finds, and its picture for docs/portal.md.</summary>
public sealed class PortalPageTests(Chromium chromium) : BrowserTest(chromium)
{
    [Fact]
    public async Task Pages_OfTheSignIn_AreAccessibleAndKeptByNobody()
    {
        var ann = await ArriveAsync();
        await ann.GoToAsync("/signin");
        await ann.CheckAsync("sign-in");
        await ann.EnterPasswordAsync();
        await ann.ReadsAsync(ann.Alert, "not right");
        await ann.CheckAsync("sign-in-refused");
        await ann.GoToAsync("/register");
        await ann.CheckAsync("register");
        await ann.RegisterAsync("Wilhelmine-Auguste von Habsburg-Lothringen-Sachsen-Teschen");
        await ann.CheckAsync("profile");
        await ann.EnableMfaAsync();
        await ann.SignOutAsync();
        await ann.EnterRegistrationAsync("Ann Example");
        await ann.ReadsAsync(ann.Alert, "has an account already");
        await ann.CheckAsync("register-refused");
        await ann.EnterPasswordAsync();
        await ann.SeesAsync("Two Factor Authentication");
        await ann.CheckAsync("code");
        for (var i = 0; i < 5; i++)
        {
            await ann.EnterCodeAsync(ann.WrongCode());
            await ann.ReadsAsync(ann.Alert, "not accepted");
        }

        await ann.CheckAsync("code-wait");
        Portal.Clock.Advance(TimeSpan.FromMinutes(11));
        await ann.EnterCodeAsync(ann.WrongCode());
        await ann.ReadsAsync("This sign-in took too long");
        await ann.CheckAsync("sign-in-again");
        await ann.SignInAsync(ann.RecoveryCode);
        await ann.SeesAsync("Your recovery code");
        await ann.CheckAsync("recovered");
        await ann.OpenSecurityAsync();
        await ann.ReadsAsync("You have not said that your recovery code is saved.");
        await ann.CheckAsync("security-not-saved");
        await ann.GoToAsync("/nowhere");
        await ann.CheckAsync("not-found");
        Assert.Empty(ann.Complaints);
    }

    [Fact]
    public async Task Pages_OfTheSecurityTab_AreAccessibleAndKeptByNobody()
    {
        var ann = await ArriveAsync();
        await ann.RegisterAsync();
        await ann.OpenSecurityAsync();
        await ann.CheckAsync("security-off");
        await ann.ClickAsync("Set up Multi-Factor Authentication");
        await ann.ScanAsync();
        await ann.CheckAsync("set-up");
        await ann.VerifyAsync(ann.WrongCode());
        await ann.ReadsAsync(ann.Alert, "not right");
        await ann.CheckAsync("set-up-refused");
        await ann.VerifyAsync(ann.Phone!.GetCode());
        await ann.SeesAsync("Your recovery code");
        await ann.CheckAsync("recovery-code");
        ann.RecoveryCode = await ann.ReadRecoveryCodeAsync();
        await ann.SaveRecoveryCodeAsync();
        await ann.CheckAsync("security-enabled");
        Portal.Clock.Advance(TimeSpan.FromMinutes(11));
        await ann.FollowAsync("Add an authenticator");
        await ann.CheckAsync("add");
        await ann.FillAsync("Name of the device (optional)", "Tablet");
        await ann.EnterAsync(ann.NextCode(), "Continue");
        await ann.ScanAsync();
        await ann.VerifyAsync(ann.Phone!.GetCode());
        await ann.ReadsAsync("Your authenticator is set up.");
        await ann.CheckAsync("security-two-devices");
        await ann.LeaveByAsync(ann.Page.GetByRole(AriaRole.Switch));
        await ann.CheckAsync("disable");
        await ann.FollowAsync("Cancel");
        await ann.FollowAsync("Change device of Tablet");
        await ann.CheckAsync("change-device");
        await ann.FillAsync("Name of the device (optional)", new string('M', 64));
        await ann.ClickAsync("Continue");
        await ann.ScanAsync();
        await ann.VerifyAsync(ann.Phone!.GetCode());
        await ann.ReadsAsync("Your authenticator is set up.");
        await ann.LeaveByAsync(ann.Page.GetByRole(AriaRole.Link, new() { Name = "Remove MMM" }));
        await ann.CheckAsync("remove");
        await ann.GoToAsync("/profile/security/recovery-codes/new");
        await ann.CheckAsync("regenerate");
        await ann.GoToAsync("/profile/security/devices");
        await ann.CheckAsync("forget");
        Portal.Clock.Advance(TimeSpan.FromMinutes(11));
        await ann.GoToAsync("/profile/security/disable");
        await ann.CheckAsync("disable-page");
        await ann.EnterAsync(ann.RecoveryCode, "Disable");
        await ann.ReadsAsync("MFA is now disabled.");
        await ann.CheckAsync("security-disabled");
        Assert.Empty(ann.Complaints);
    }

    [Fact]
    public async Task Page_ThatFails_SaysSoAndNothingOfTheReason()
    {
        var ann = await ArriveAsync();
        await using (var database = SqliteFactory.Instance.CreateDataSource($"Data Source={Path.Combine(Portal.Data, "portal.db")}"))
        await using (var drop = database.CreateCommand("DROP TABLE portal_users"))
        {
            await drop.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var answer = await ann.Page.RunAndWaitForResponseAsync(() => ann.EnterPasswordAsync(), answer => answer.Request.Method == "POST");

        await ann.SeesAsync("Something went wrong");
        await ann.CheckAsync("failed");
        Assert.Equal(500, answer.Status);
        Assert.DoesNotContain("portal_users", await ann.Page.ContentAsync(), StringComparison.Ordinal);
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
            Assert.True(
                answer.Request.Method == "GET" || answer.Status is 302 or 303,
                $"{answer.Request.Method} {answer.Url} answered {answer.Status}.");
            Assert.DoesNotContain('?', answer.Url);
            if (answer.Request.ResourceType == "document")
            {
                Assert.Contains("no-store", await answer.HeaderValueAsync("cache-control"), StringComparison.Ordinal);
            }
        }

        Assert.Contains(answers, answer => answer.Request.Method == "POST" && answer.Status == 303);
        Assert.Contains(answers, answer => answer.Status == 404);
    }

    [Fact]
    public async Task Headers_OverHttpsOutsideLocalhost_DemandHttpsFromThenOn()
    {
        await using var portal = new Site<Program>();
        portal.Set("environment", "Production");
        using var client = portal.CreateClient(new() { BaseAddress = new Uri("https://portal.example") });

        using var answer = await client.GetAsync("/signin", TestContext.Current.CancellationToken);

        Assert.Contains("max-age", answer.Headers.GetValues("Strict-Transport-Security").Single(), StringComparison.Ordinal);
    }
}
