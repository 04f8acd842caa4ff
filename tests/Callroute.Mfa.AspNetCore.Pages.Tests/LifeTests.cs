using System.Net;
using Callroute.Mfa.AspNetCore.Pages.Tests.Setting;

namespace Callroute.Mfa.AspNetCore.Pages.Tests;

/// <summary>The whole life of a user's MFA through the pages. The browser checks the rules of all pages and forms on the way.</summary>
public sealed class LifeTests
{
    private static readonly TimeSpan UntilAProofIsTooOld = TimeSpan.FromMinutes(11);

    [Fact]
    public async Task SetUp_FirstAuthenticator_IsEnabledOnceItsCodeIsSaved()
    {
        await using var host = await PageHost.StartAsync();
        using var browser = host.Open();
        var security = await browser.LogInAsync();
        security.Shows("Not enabled.");
        security.ShowsNot("/disable");

        var setUp = await browser.SubmitAsync(security, "/set-up");
        setUp.Shows("src=\"data:image/");
        Assert.Equal(setUp.Secrets.Single().Replace(" ", "", StringComparison.Ordinal), setUp.ProvisioningUri.Split("secret=")[1].Split('&')[0]);
        var (_, codes) = await browser.VerifyAsync(setUp);
        codes.Shows("I have saved my recovery code");
        var saved = await browser.SubmitAsync(codes);

        Assert.StartsWith("You have successfully enabled MFA", saved.Notice, StringComparison.Ordinal);
        saved.Shows("action=\"/account/security/disable\"");
        Assert.Equal(string.Empty, (await browser.OpenAsync()).Notice);
    }

    [Theory]
    [InlineData("/inside")]
    [InlineData("/inside?größe=ü%20#ß")]
    public async Task SignIn_CodeOfTheApp_LeadsToTheReturnPath(string path)
    {
        await using var host = await PageHost.StartAsync();
        using var browser = host.Open();
        var (phone, _) = await browser.EnrollAsync();

        var inside = await browser.SubmitAsync(await browser.LogInAsync(path: path), "/sign-in", ("code", phone.GetCode()));

        Assert.StartsWith("/inside", inside.Path, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, "inside"), (inside.Status, inside.Html));
    }

    // The help of the product says to paste the recovery code into the field of the code.
    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/sign-in/recovery")]
    public async Task SignIn_RecoveryCode_IsReplacedAndRemindsOfTheOldPhone(string page)
    {
        await using var host = await PageHost.StartAsync();
        using var browser = host.Open();
        var (_, recoveryCode) = await browser.EnrollAsync();
        await browser.LogInAsync();

        var codes = await browser.SubmitAsync(await browser.OpenAsync(page), page, ("code", recoveryCode));

        codes.Shows("Your authenticator still works. If you have lost the device");
        Assert.NotEqual(recoveryCode, codes.Secrets.Single());
        var security = await browser.SubmitAsync(codes);
        Assert.Equal(PageHost.Prefix, security.Path);
        security.Shows("You signed in with your recovery code. Your authenticators below still work.");
        var refused = await browser.SubmitAsync(await browser.LogInAsync(), "/sign-in", ("code", recoveryCode));
        Assert.StartsWith("That code was not accepted.", refused.Notice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Authenticators_AddedRenamedReplacedAndRemoved_AreThoseOfTheList()
    {
        await using var host = await PageHost.StartAsync();
        using var browser = host.Open();
        await browser.SignInAsync((await browser.EnrollAsync()).Phone);

        var begin = await browser.OpenAsync("/set-up");
        var (second, added) = await browser.VerifyAsync(await browser.SubmitAsync(begin, "/set-up", ("name", "<b>Tablet</b>")));
        Assert.Equal("Your authenticator is set up.", added.Notice);
        added.Shows("<b>Tablet</b>");
        Assert.DoesNotContain("<b>", added.Html, StringComparison.Ordinal);
        var ids = (await host.Mfa.GetStatusAsync(new MfaSubject("ann"), TestContext.Current.CancellationToken)).Authenticators.Select(it => it.Id).ToArray();

        var renamed = await browser.SubmitAsync(added, $"/{ids[1]}/rename", ("name", "Old tablet"));
        Assert.Equal("The authenticator is renamed.", renamed.Notice);
        renamed.Shows("Old tablet");

        var replace = await browser.SubmitAsync(await browser.OpenAsync($"/authenticators/{ids[1]}/replace"), "/replace", ("name", "Watch"));
        Assert.EndsWith("/replace", replace.Path, StringComparison.Ordinal);
        var (watch, replaced) = await browser.VerifyAsync(replace);
        replaced.ShowsNot("Old tablet");
        replaced.Shows("Watch");

        var remove = await browser.OpenAsync($"/authenticators/{ids[0]}/remove");
        var removed = await browser.SubmitAsync(remove, "/remove");
        Assert.Equal("The authenticator is removed.", removed.Notice);
        removed.ShowsNot("/remove");
        Assert.StartsWith("That code", (await browser.SignInAsync(second)).Notice, StringComparison.Ordinal);
        Assert.Equal(PageHost.Prefix, (await browser.SignInAsync(watch)).Path);
    }

    [Fact]
    public async Task Changes_ProofTooOld_AskForACodeAndAreMade()
    {
        await using var host = await PageHost.StartAsync();
        using var browser = host.Open();
        var (phone, _) = await browser.EnrollAsync();

        foreach (var page in new[] { "/recovery-codes/new", "/devices" })
        {
            host.Clock.Advance(UntilAProofIsTooOld);
            var form = await browser.OpenAsync(page);
            Assert.StartsWith("To make this change", (await browser.SubmitAsync(form, page)).Notice, StringComparison.Ordinal);
            var made = await browser.SubmitAsync(await browser.OpenAsync(page), page, ("code", phone.GetCode()));
            var done = made.Path.EndsWith("/recovery-codes", StringComparison.Ordinal) ? await browser.SubmitAsync(made) : made;
            Assert.Matches("^(Your recovery code is noted as saved|Forgotten)", done.Notice);
        }

        (await browser.OpenAsync()).Shows("None. A device is known once you sign in on it with a code.");
    }

    [Fact]
    public async Task Disable_Confirmed_IsOffAndNotOfferedAgain()
    {
        await using var host = await PageHost.StartAsync();
        using var browser = host.Open();
        await browser.SignInAsync((await browser.EnrollAsync()).Phone);
        var page = await browser.OpenAsync("/disable");
        page.Shows("We recommend that you leave MFA enabled.");

        var disabled = await browser.SubmitAsync(page, "/disable");

        Assert.Equal("MFA is now disabled.", disabled.Notice);
        disabled.ShowsNot("/disable");
        var again = await browser.OpenAsync("/disable");
        Assert.Equal((PageHost.Prefix, "Multi-Factor Authentication is not enabled."), (again.Path, again.Notice));
    }

    [Fact]
    public async Task MustHaveMfa_UserWithoutIt_SetsItUpBeforeAnythingElse()
    {
        await using var host = await PageHost.StartAsync();
        host.Users.Policy = MfaPolicy.Required;
        using var browser = host.Open();

        var begin = await browser.LogInAsync(path: "/inside");
        begin.Shows("You cannot go on without it");
        var (_, codes) = await browser.VerifyAsync(await browser.SubmitAsync(begin, "/set-up"));
        var inside = await browser.SubmitAsync(codes);

        Assert.Equal("/inside", inside.Path);
        (await browser.OpenAsync()).ShowsNot("/disable");
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
        await using var host = await PageHost.StartAsync();
        using var browser = host.Open();
        var (phone, _) = await browser.EnrollAsync();

        var page = await browser.OpenAsync($"/step-up?returnUrl={Uri.EscapeDataString(address)}");
        page.ShowsNot("evil.example");
        var next = await browser.SubmitAsync(page, page.FindForm().Action, ("code", phone.GetCode()));

        Assert.Equal(expected, next.Path);
    }
}
