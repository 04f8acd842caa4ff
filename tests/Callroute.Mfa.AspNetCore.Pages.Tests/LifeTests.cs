using System.Net;
using Callroute.Mfa.AspNetCore.Pages.Tests.Setting;

namespace Callroute.Mfa.AspNetCore.Pages.Tests;

/// <summary>The whole life of a user's MFA through the pages. The browser checks the rules of all pages and forms on the way.</summary>
public sealed class LifeTests : PageTest
{
    private const string Nobody = "6f1d9f0c-6a7a-4a4b-9a52-0f6d3c1f7f11";

    private static readonly TimeSpan UntilAProofIsTooOld = TimeSpan.FromMinutes(11);

    [Fact]
    public async Task SetUp_FirstAuthenticator_IsEnabledOnceItsCodeIsSaved()
    {
        var security = await Browser.LogInAsync();
        security.Shows("Not enabled.");
        security.ShowsNot("/disable");

        var setUp = await Browser.SubmitAsync(security, "/set-up");
        setUp.Shows("class=\"mfa-qr\"");
        setUp.Shows($"secret={setUp.Secrets.Single().Replace(" ", string.Empty, StringComparison.Ordinal)}&");
        var refused = await Browser.SubmitAsync(setUp, "/verify", ("code", "no code"));
        Assert.Equal("That code is not right. Enter the code that your authenticator app shows now.", refused.Notice);
        var (_, codes) = await Browser.VerifyAsync(setUp);
        codes.Shows("I have saved my recovery code");
        var saved = await Browser.SubmitAsync(codes);

        Assert.StartsWith("You have successfully enabled MFA", saved.Notice, StringComparison.Ordinal);
        saved.Shows("action=\"/account/security/disable\"");
        Assert.Equal(string.Empty, (await Browser.OpenAsync()).Notice);
    }

    [Theory]
    [InlineData("/inside")]
    [InlineData("/inside?größe=ü%20#ß")]
    public async Task SignIn_CodeOfTheApp_LeadsToTheReturnPath(string path)
    {
        var (phone, _) = await Browser.EnrollAsync();

        var inside = await Browser.SubmitAsync(await Browser.LogInAsync(path: path), "/sign-in", ("code", phone.GetCode()));

        Assert.StartsWith("/inside", inside.Path, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, "inside"), (inside.Status, inside.Html));
    }

    // The help of the product says to paste the recovery code into the field of the code.
    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/sign-in/recovery")]
    public async Task SignIn_RecoveryCode_IsReplacedAndRemindsOfTheOldPhone(string page)
    {
        var (_, recoveryCode) = await Browser.EnrollAsync();
        await Browser.LogInAsync();

        var codes = await Browser.SubmitAsync(await Browser.OpenAsync(page), page, ("code", recoveryCode));

        codes.Shows("Your authenticator still works. If you have lost the device");
        Assert.NotEqual(recoveryCode, codes.Secrets.Single());
        var security = await Browser.SubmitAsync(codes);
        Assert.Equal(PageHost.Prefix, security.Path);
        security.Shows("You signed in with your recovery code. Your authenticators below still work.");
        var refused = await Browser.SubmitAsync(await Browser.LogInAsync(), "/sign-in", ("code", recoveryCode));
        Assert.StartsWith("That code was not accepted.", refused.Notice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData($"/authenticators/{Nobody}/remove")]
    [InlineData($"/authenticators/{Nobody}/replace")]
    [InlineData($"/devices/{Nobody}")]
    public async Task Form_OfWhatIsNotThere_IsNotShown(string page)
    {
        await Browser.SignInAsync((await Browser.EnrollAsync()).Phone);

        var led = await Browser.OpenAsync(page);

        Assert.Equal((PageHost.Prefix, "That is not there any more."), (led.Path, led.Notice));
    }

    [Fact]
    public async Task SetUp_OnlyAuthenticatorIsLockedOutForGood_IsShown()
    {
        await using var host = await PageHost.StartAsync(mfa: options => options.MaximumAuthenticators = 1);
        using var browser = host.Open();
        var (old, recoveryCode) = await browser.EnrollAsync();
        for (var failures = 0; failures < 100; failures++)
        {
            host.Clock.Advance(TimeSpan.FromDays(3));
            var right = new[] { -30, 0, 30 }.Select(seconds => old.GetCodeAt(host.Clock.GetUtcNow().AddSeconds(seconds)));
            await host.Mfa.VerifyAsync(
                new MfaSubject("ann"),
                new[] { "000000", "111111", "222222", "333333" }.Except(right).First(),
                host.Mfa.BeginAttempt(),
                cancellationToken: TestContext.Current.CancellationToken);
        }

        Assert.True((await host.StatusAsync()).TotpOnKnownDevices.IsLockedOut);
        await browser.LogInAsync();
        await browser.SubmitAsync(
            await browser.SubmitAsync(await browser.OpenAsync("/sign-in/recovery"), "/sign-in/recovery", ("code", recoveryCode)));

        var begin = await browser.OpenAsync("/set-up");

        Assert.Equal($"{PageHost.Prefix}/set-up", begin.Path);
        var (phone, _) = await browser.VerifyAsync(await browser.SubmitAsync(begin, "/set-up"));
        await browser.SignInAsync(phone);
    }

    [Fact]
    public async Task Authenticators_AddedRenamedReplacedAndRemoved_AreThoseOfTheList()
    {
        await Browser.SignInAsync((await Browser.EnrollAsync()).Phone);

        var begin = await Browser.OpenAsync("/set-up");
        var (second, added) = await Browser.VerifyAsync(await Browser.SubmitAsync(begin, "/set-up", ("name", "<b>Tablet</b>")));
        Assert.Equal("Your authenticator is set up.", added.Notice);
        added.Shows("<b>Tablet</b>");
        Assert.DoesNotContain("<b>", added.Html, StringComparison.Ordinal);
        Assert.Matches(@"Added\s+<time [^>]*>[^<]*</time></p>\s*<p [^>]*>Last used\s+<time [^>]*>14 Nov 2026, 09:3\d UTC", added.Html);
        Assert.Matches(@"<p>Last used\s+<time [^>]*>14 Nov 2026, 09:3\d UTC", added.Html);
        added.ShowsNot("Add an authenticator");
        Assert.StartsWith("You have as many authenticators", (await Browser.OpenAsync("/set-up")).Notice, StringComparison.Ordinal);
        var ids = (await Host.StatusAsync()).Authenticators.Select(authenticator => authenticator.Id).ToArray();

        var unnamed = await Browser.SubmitAsync(added, $"/{ids[1]}/rename", ("name", ""));
        unnamed.Shows("<strong>Authenticator app (2)</strong>");

        var renamed = await Browser.SubmitAsync(unnamed, $"/{ids[1]}/rename", ("name", "Old tablet"));
        Assert.Equal("The authenticator is renamed.", renamed.Notice);
        renamed.Shows("Old tablet");

        var begun = await Browser.OpenAsync($"/authenticators/{ids[1]}/replace");
        var replace = await Browser.SubmitAsync(begun, "/replace", ("name", "Watch"));
        Assert.EndsWith("/replace", replace.Path, StringComparison.Ordinal);
        replace.Shows("ann@example.com (3)");
        var (watch, replaced) = await Browser.VerifyAsync(replace);
        replaced.ShowsNot("Old tablet");
        replaced.Shows("Watch");

        var remove = await Browser.OpenAsync($"/authenticators/{ids[0]}/remove");
        var removed = await Browser.SubmitAsync(remove, "/remove");
        Assert.Equal("The authenticator is removed.", removed.Notice);
        removed.ShowsNot("/remove");
        Assert.StartsWith("That code", (await Browser.SignInAsync(second)).Notice, StringComparison.Ordinal);
        Assert.Equal(PageHost.Prefix, (await Browser.SignInAsync(watch)).Path);
    }

    [Fact]
    public async Task Changes_ProofTooOld_AskForACodeAndAreMade()
    {
        var (phone, _) = await Browser.EnrollAsync();

        foreach (var page in new[] { "/recovery-codes/new", "/devices" })
        {
            var form = await Browser.OpenAsync(page);
            Host.Clock.Advance(UntilAProofIsTooOld);
            Assert.StartsWith("To make this change", (await Browser.SubmitAsync(form, page)).Notice, StringComparison.Ordinal);
            var made = await Browser.SubmitAsync(await Browser.OpenAsync(page), page, ("code", phone.GetCode()));
            var done = made.Path.EndsWith("/recovery-codes", StringComparison.Ordinal) ? await Browser.SubmitAsync(made) : made;
            Assert.Matches("^(Your recovery code is noted as saved|Forgotten)", done.Notice);
        }

        (await Browser.OpenAsync()).Shows("None. A device is known once you sign in on it with a code.");
    }

    [Fact]
    public async Task Changes_RecentProofThatCountsNoMore_AskForACodeOnceRefused()
    {
        var (phone, _) = await Browser.EnrollAsync();
        await Browser.SignInAsync(phone);
        var form = await Browser.OpenAsync("/devices");
        form.ShowsNot("name=\"code\"");
        await Other.SignInAsync(phone);
        var replace = $"/authenticators/{(await Host.StatusAsync()).Authenticators[0].Id}/replace";
        await Other.VerifyAsync(await Other.SubmitAsync(await Other.OpenAsync(replace), "/replace"));

        var refused = await Browser.SubmitAsync(form, "/devices");
        var wrong = await Browser.SubmitAsync(refused, "/devices", ("code", "no code"));

        Assert.StartsWith("To make this change", refused.Notice, StringComparison.Ordinal);
        Assert.StartsWith("That code was not accepted", wrong.Notice, StringComparison.Ordinal);
        refused.Shows("name=\"code\"");
        wrong.Shows("name=\"code\"");
    }

    [Fact]
    public async Task Disable_Confirmed_IsOffAndNotOfferedAgain()
    {
        await Browser.SignInAsync((await Browser.EnrollAsync()).Phone);
        var page = await Browser.OpenAsync("/disable");
        page.Shows("We recommend that you leave MFA enabled.");

        var disabled = await Browser.SubmitAsync(page, "/disable");

        Assert.Equal("MFA is now disabled.", disabled.Notice);
        disabled.ShowsNot("/disable");
        foreach (var change in (string[])["/disable", "/recovery-codes/new", "/devices", $"/authenticators/{Guid.NewGuid()}/remove"])
        {
            var again = await Browser.OpenAsync(change);
            Assert.Equal((PageHost.Prefix, "Multi-Factor Authentication is not enabled."), (again.Path, again.Notice));
        }
    }

    [Fact]
    public async Task MustHaveMfa_UserWithoutIt_SetsItUpBeforeAnythingElse()
    {
        Host.Users.Policy = MfaPolicy.Required;

        var begin = await Browser.LogInAsync(path: "/inside");
        begin.Shows("You cannot go on without it");
        var (_, codes) = await Browser.VerifyAsync(await Browser.SubmitAsync(begin, "/set-up"));
        var inside = await Browser.SubmitAsync(codes);

        Assert.Equal("/inside", inside.Path);
        (await Browser.OpenAsync()).ShowsNot("/disable");
        var refused = await Browser.OpenAsync("/disable");
        Assert.StartsWith("Your organisation requires", refused.Notice, StringComparison.Ordinal);
        Assert.Equal(PageHost.Prefix, refused.Path);
    }

    [Fact]
    public async Task StepUp_UserWithoutMfa_SetsItUpAndIsLedBack()
    {
        await Browser.LogInAsync();

        var begin = await Browser.FollowAsync("/payments");
        var (_, codes) = await Browser.VerifyAsync(await Browser.SubmitAsync(begin, "/set-up"));
        var paid = await Browser.SubmitAsync(codes);

        Assert.Equal("Multi-Factor Authentication is not enabled.", begin.Notice);
        Assert.Equal("paid", paid.Html);
    }

    [Fact]
    public async Task StepUp_PageThatNeedsARecentCode_LeadsThereAndBack()
    {
        var (phone, _) = await Browser.EnrollAsync();
        Host.Clock.Advance(UntilAProofIsTooOld);

        var page = await Browser.FollowAsync("/payments");
        var paid = await Browser.SubmitAsync(page, page.FindForm().Action, ("code", phone.GetCode()));

        Assert.Equal(("/account/security/step-up?returnUrl=%2Fpayments", "paid"), (page.Path, paid.Html));
    }

    [Theory]
    [InlineData("/inside?page=2", "/inside?page=2")]
    [InlineData("//evil.example", PageHost.Prefix)]
    [InlineData(@"/\evil.example", PageHost.Prefix)]
    [InlineData("/\t/evil.example", PageHost.Prefix)]
    [InlineData("https://evil.example", PageHost.Prefix)]
    [InlineData("javascript:alert(1)", PageHost.Prefix)]
    [InlineData("inside", PageHost.Prefix)]
    public async Task StepUp_ReturnAddress_LeadsToThisSiteOnly(string address, string expected)
    {
        var (phone, _) = await Browser.EnrollAsync();

        var page = await Browser.OpenAsync($"/step-up?returnUrl={Uri.EscapeDataString(address)}");
        page.ShowsNot("evil.example");
        var next = await Browser.SubmitAsync(page, page.FindForm().Action, ("code", phone.GetCode()));

        Assert.Equal(expected, next.Path);
    }
}
