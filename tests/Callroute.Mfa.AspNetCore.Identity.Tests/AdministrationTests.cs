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
}
