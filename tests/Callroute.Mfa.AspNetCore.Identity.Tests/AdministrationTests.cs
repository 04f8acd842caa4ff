using System.Net;
using Callroute.Mfa.AspNetCore.Identity.Tests.Setting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Identity.Tests;

/// <summary>The endpoints of MapMfaAdministration find Identity's users.</summary>
public sealed class AdministrationTests
{
    private static readonly string Enable = Browser.ManagePage("EnableAuthenticator");

    [Theory]
    [InlineData("ANN@example.com", true)]
    [InlineData("Ann@Contoso.example", true)]
    [InlineData("ann", false)]
    public async Task Find_WholeNameOrAddress_IsTheUser(string text, bool isFound)
    {
        await using var site = await StartAsync();
        using var browser = site.Open();
        await browser.RegisterAsync();
        await site.InScopeAsync((users, user) => users.SetEmailAsync(user, "ann@contoso.example"));

        var found = (await browser.PostJsonAsync("/administration/find", new { text })).GetProperty("users");

        string[] expected = isFound ? [(await site.SubjectAsync()).UserId] : [];
        Assert.Equal(expected, found.EnumerateArray().Select(user => user.GetProperty("userId").GetString()));
    }

    // Identity takes "01" for the key 1, and throws at a text that is no key.
    [Theory]
    [InlineData("find", "ann@example.com", "1")]
    [InlineData("find", "1", "1")]
    [InlineData("find", "01", "")]
    [InlineData("status", "01", "user-not-found")]
    [InlineData("status", "ann@example.com", "user-not-found")]
    [InlineData("reset", "01", "user-not-found")]
    [InlineData("reset", "1", "own-account")]
    public async Task Request_UserWithANumberAsKey_IsFoundByTheExactIdOnly(string path, string text, string expected)
    {
        await using var site = await IdentitySite.StartAsync<IntContext>(
            services =>
            {
                services.AddIdentity<IdentityUser<int>, IdentityRole<int>>().AddEntityFrameworkStores<IntContext>().AddDefaultUI()
                    .AddDefaultTokenProviders().AddCallrouteMfa();
                services.AddAuthorizationBuilder().AddPolicy("administrators", policy => policy.RequireAuthenticatedUser());
            },
            app => app.MapMfaAdministration("/administration", "administrators"));
        using var browser = site.Open();
        await browser.RegisterAsync();

        var answer = (await browser.PostAsync($"/administration/{path}", new { text, userId = text, reason = "Lost phone" })).Json;

        Assert.Equal(
            expected,
            answer.TryGetProperty("users", out var users)
                ? string.Concat(users.EnumerateArray().Select(user => user.GetProperty("userId")))
                : answer.GetProperty("reason").GetString());
        Assert.Null(await site.Mfa.ExportAsync(new("01"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Users_SubjectWithATenant_IsNobody()
    {
        await using var site = await StartAsync();
        using var browser = site.Open();
        await browser.RegisterAsync();
        await using var scope = site.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<IMfaUsers>();
        var subject = new MfaSubject((await site.SubjectAsync()).UserId, "tenant");

        await users.SetEnrolledAsync(subject, isEnrolled: true, TestContext.Current.CancellationToken);

        Assert.Null(await users.FindAsync(subject, TestContext.Current.CancellationToken));
        Assert.False(await site.IsEnrolledAsync());
    }

    // The user's own laptop is lost with the phone.
    [Fact]
    public async Task Reset_SessionAndRememberedBrowser_End()
    {
        await using var site = await StartAsync();
        using var lost = site.Open();
        await lost.RegisterAsync();
        var (phone, _) = await lost.EnrollAsync();
        await lost.LogOutAsync();
        await lost.SendCodeAsync(await lost.LogInAsync(), phone.GetCode(), remember: true);
        Assert.Equal("secret", (await lost.GetAsync("/secret")).Text);

        await ResetAsync(site);

        using var browser = site.Open();
        Assert.Equal(Enable, (await browser.LogInAsync("/secret")).Path);
        await browser.EnrollAsync();
        site.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.EndsWith("/Login", (await lost.GetAsync("/secret")).Path, StringComparison.Ordinal);
        Assert.EndsWith("/LoginWith2fa", (await lost.LogInAsync("/secret")).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reset_UserWhoIsNotMovedYet_EnrolsAndPlainIdentityRefusesTheLostPhone()
    {
        await using var plain = await IdentitySite.StartPlainAsync();
        using var lost = plain.Open();
        var phone = await lost.EnrollWithPlainAsync();
        await using var site = await StartAsync(plain);

        await ResetAsync(site);

        using var browser = site.Open();
        Assert.Equal(Enable, (await browser.LogInAsync("/secret")).Path);
        await Assert.ThrowsAsync<FormatException>(() => plain.InScopeAsync(
            (users, user) => users.VerifyTwoFactorTokenAsync(user, "Authenticator", phone.GetCodeAt(TimeProvider.System.GetUtcNow()))));
    }

    /// <summary>Starts an application in which everybody is an administrator.</summary>
    private static Task<IdentitySite> StartAsync(IdentitySite? neighbour = null) => IdentitySite.StartAsync<UserContext>(
        services =>
        {
            services.AddDefaultIdentity<IdentityUser>().AddEntityFrameworkStores<UserContext>()
                .AddCallrouteMfa(options => options.KeepIdentityRows = neighbour is not null);
            services.AddAuthorizationBuilder().AddPolicy("administrators", policy => policy.RequireAuthenticatedUser());
        },
        app => app.MapMfaAdministration("/administration", "administrators"),
        neighbour: neighbour);

    /// <summary>Bob resets ann.</summary>
    private static async Task ResetAsync(IdentitySite site)
    {
        using var bob = site.Open();
        await bob.RegisterAsync("bob@example.com");
        var (userId, reason) = ((await site.SubjectAsync()).UserId, "Lost phone");
        Assert.Equal(HttpStatusCode.NoContent, (await bob.PostAsync("/administration/reset", new { userId, reason })).Status);
    }
}
