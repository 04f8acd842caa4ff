using Callroute.Mfa.AspNetCore.Identity.Tests.Setting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Identity.Tests;

/// <summary>The endpoints of MapMfaAdministration find Identity's users.</summary>
public sealed class AdministrationTests
{
    [Theory]
    [InlineData("ANN@example.com", true)]
    [InlineData("Ann@Contoso.example", true)]
    [InlineData("ann", false)]
    public async Task Find_WholeNameOrAddress_IsTheUser(string text, bool isFound)
    {
        await using var site = await IdentitySite.StartAsync<UserContext>(
            services =>
            {
                services.AddDefaultIdentity<IdentityUser>().AddEntityFrameworkStores<UserContext>().AddCallrouteMfa();
                services.AddAuthorizationBuilder().AddPolicy("administrators", policy => policy.RequireAuthenticatedUser());
            },
            app => app.MapMfaAdministration("/administration", "administrators"));
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
}
