using System.Net;
using System.Security.Claims;
using System.Text.RegularExpressions;
using Callroute.Mfa.AspNetCore.Pages.Tests.Setting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Pages.Tests;

/// <summary>Ann is an administrator, and bob a user.</summary>
public sealed partial class AdministrationTests : PageTest
{
    private const string Page = "/administration";

    [GeneratedRegex("href=\"[^\"]*(/administration/users/[^\"/]+)\"[^>]*>([^<]+)<")]
    private static partial Regex Found { get; }

    [Fact]
    public async Task Reset_WithAReason_EndsMfaAndTheHistoryNamesTheAdministrator()
    {
        await Browser.EnrollAsync();
        await Other.VerifyAsync(await Other.SubmitAsync(await Other.LogInAsync("bob"), "/set-up"));
        var user = await FindAsync("bob");
        (await Browser.OpenAsync(user)).Shows("Authenticator app");

        var done = await ChangeAsync($"{user}/reset", "Lost phone");

        Assert.Equal(PageHost.Prefix + user, done.Path);
        Assert.StartsWith("Multi-Factor Authentication of this user is reset.", done.Notice, StringComparison.Ordinal);
        done.Shows("ann@example.com: Lost phone");
        done.Shows("Multi-Factor Authentication is not enabled.");
        (await Browser.OpenAsync()).ShowsNot("Lost phone");
        Assert.EndsWith("/set-up", (await Other.LogInAsync("bob")).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reset_UserWhoMayNotSignIn_IsFoundByTheId()
    {
        await Browser.EnrollAsync();
        await Other.VerifyAsync(await Other.SubmitAsync(await Other.LogInAsync("bob"), "/set-up"));
        Host.Users.Locked = "bob";
        var user = await FindAsync("bob", shown: "bob");

        await ChangeAsync($"{user}/reset", "Lost phone");

        Assert.False((await Host.StatusAsync("bob")).IsEnabled);
    }

    [Fact]
    public async Task Reset_SessionsCannotBeEnded_IsNotToldAsDone()
    {
        await Browser.EnrollAsync();
        var user = await FindAsync("bob");
        Host.Users.IsBroken = true;

        var refused = await ChangeAsync($"{user}/reset", "Lost phone");

        Assert.Equal($"{PageHost.Prefix}{user}/reset", refused.Path);
        Assert.StartsWith("We cannot do this right now.", refused.Notice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bob", "", "Give a reason")]
    [InlineData("ann", "Lost phone", "You cannot unlock or reset your own account.")]
    public async Task Change_Refused_SaysWhyAtTheForm(string name, string reason, string expected)
    {
        await Browser.EnrollAsync();
        var user = await FindAsync(name);

        foreach (var change in (string[])["unlock", "reset"])
        {
            var refused = await ChangeAsync($"{user}/{change}", reason);

            Assert.Equal($"{PageHost.Prefix}{user}/{change}", refused.Path);
            Assert.StartsWith(expected, refused.Notice, StringComparison.Ordinal);
        }

        Assert.True((await Host.StatusAsync()).IsEnabled);
    }

    [Fact]
    public async Task Search_Nobody_SaysSo()
    {
        await Browser.EnrollAsync();

        var page = await Browser.SubmitAsync(await Browser.OpenAsync(Page), Page, ("user", "nobody"));

        page.Shows("No user was found.");
        Assert.Equal("There is no such user.", (await Browser.OpenAsync($"{Page}/users/made-up/reset")).Notice);
    }

    // The first has the role and no MFA, the other has MFA and no role.
    [Theory]
    [InlineData("ann", false)]
    [InlineData("bob", true)]
    public async Task Pages_WithoutRoleOrMfa_AreRefused(string name, bool hasMfa)
    {
        await Browser.EnrollAsync();
        var user = await FindAsync("carol");
        using var browser = hasMfa ? Other : Host.Open();
        var security = await browser.LogInAsync(hasMfa ? name : "ann");
        await (hasMfa ? browser.VerifyAsync(await browser.SubmitAsync(security, "/set-up")) : Task.CompletedTask);

        foreach (var page in (string[])[Page, user, $"{user}/unlock", $"{user}/reset"])
        {
            using var answer = await browser.PostAsync(PageHost.Prefix + page, new() { ["reason"] = "Lost phone", ["user"] = "carol" });
            Assert.Contains(answer.StatusCode, (HttpStatusCode[])[HttpStatusCode.Found, HttpStatusCode.MethodNotAllowed]);
            Assert.DoesNotContain(Page, (await browser.OpenAsync(page)).Path, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(null, 2)]
    [InlineData("here", 1)]
    public async Task Search_Tenants_AnAdministratorOfOneFindsOnlyItsUsers(string? tenant, int expected)
    {
        await using var host = await PageHost.StartAsync(services => services
            .Configure<MfaSignInOptions>(options => options.TenantClaim = "tenant")
            .AddSingleton<IClaimsTransformation>(new Tenant(tenant)));
        using var browser = host.Open();
        await browser.EnrollAsync();

        var page = await browser.SubmitAsync(await browser.OpenAsync(Page), Page, ("user", "bob"));

        Assert.Equal(expected, Found.Count(page.Html));
    }

    // A policy of two schemes merges two sessions: the role would be of one user, and the tenant of the other.
    [Theory]
    [InlineData("mallory", "here")]
    [InlineData("ann", "elsewhere")]
    [InlineData(null, "elsewhere")]
    public async Task Pages_IdentitiesOfTwoUsersOrTenants_AreRefused(string? id, string tenant)
    {
        var second = new SecondIdentity();
        await using var host = await PageHost.StartAsync(services => services
            .Configure<MfaSignInOptions>(options => options.TenantClaim = "tenant").AddSingleton<IClaimsTransformation>(second));
        using var browser = host.Open();
        await browser.EnrollAsync();
        var found = await browser.SubmitAsync(await browser.OpenAsync(Page), Page, ("user", "bob"));
        var user = Found.Match(found.Html).Groups[1].Value;

        second.Claims = [new("tenant", tenant), new("amr", "mfa"), .. id is null ? [] : (Claim[])[new(ClaimTypes.NameIdentifier, id)]];

        foreach (var page in (string[])[Page, user, $"{user}/unlock", $"{user}/reset"])
        {
            Assert.StartsWith($"{PageHost.Prefix}/step-up", (await browser.OpenAsync(page)).Path, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public async Task Search_Nothing_AsksTheApplicationForNobody(string text)
    {
        await Browser.EnrollAsync();

        var page = await Browser.SubmitAsync(await Browser.OpenAsync(Page), Page, ("user", text));

        Assert.Empty(Found.Matches(page.Html));
    }

    [Fact]
    public async Task Search_OfAnotherAdministratorInThisBrowser_IsNotShown()
    {
        Host.Users.Administrators = ["ann", "carol"];
        var (_, (carol, _)) = (await Browser.EnrollAsync(), await Other.EnrollAsync("carol"));
        await FindAsync("bob");

        await Browser.SubmitAsync(await Browser.LogInAsync("carol"), "/sign-in", ("code", carol.GetCode()));

        var page = await Browser.OpenAsync(Page);
        page.Shows("name=\"user\"");
        page.ShowsNot("bob");
    }

    [Theory]
    [InlineData("missing", "there is no authorization policy 'missing'")]
    [InlineData("", "(Parameter 'administration')")]
    [InlineData(" ", "(Parameter 'administration')")]
    public async Task Start_PolicyMissing_StopsIt(string policy, string expected)
    {
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => PageHost.StartAsync(administration: policy));

        Assert.Contains(expected, exception.Message, StringComparison.OrdinalIgnoreCase);
    }

    private async Task<string> FindAsync(string name, string? shown = null)
    {
        var page = await Browser.SubmitAsync(await Browser.OpenAsync(Page), Page, ("user", name));
        return Found.Matches(page.Html).Single(match => match.Groups[2].Value == (shown ?? $"{name}@example.com")).Groups[1].Value;
    }

    private async Task<HtmlPage> ChangeAsync(string page, string reason) =>
        await Browser.SubmitAsync(await Browser.OpenAsync(page), page, ("reason", reason));

    private sealed class Tenant(string? name) : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            var transformed = principal.Clone();
            ((ClaimsIdentity)transformed.Identity!).AddClaims(name is null ? [] : [new("tenant", name)]);
            return Task.FromResult(transformed);
        }
    }

    /// <summary>Adds an identity to every session, from the time when it is set.</summary>
    private sealed class SecondIdentity : IClaimsTransformation
    {
        public Claim[]? Claims { get; set; }

        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            var transformed = principal.Clone();
            ((ClaimsIdentity)transformed.Identity!).AddClaim(new("tenant", "here"));
            transformed.AddIdentities(Claims is null ? [] : [new ClaimsIdentity(Claims, "Bearer")]);
            return Task.FromResult(transformed);
        }
    }
}
