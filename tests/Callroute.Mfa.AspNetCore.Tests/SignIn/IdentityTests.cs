using System.Net;
using Callroute.Mfa.AspNetCore.Tests.Setting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Tests.SignIn;

/// <summary>An application with ASP.NET Core Identity, whose validator makes the session's principal anew every 30 minutes.</summary>
public sealed class IdentityTests : SiteTest
{
    private readonly IdentityUser _user = new("ann") { Id = "ann", SecurityStamp = "stamp" };

    public IdentityTests()
    {
        Site.Set("Callroute:MfaSignIn:Scheme", IdentityConstants.ApplicationScheme);
        Site.Set("Callroute:Mfa:StepUpAge", "01:00:00");
        Site.Add(services =>
        {
            services.Configure<AuthorizationOptions>(options =>
            {
                options.DefaultPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
                options.AddPolicy("mfa", policy => policy.RequireMfa());
            });
            services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
            services.AddIdentityCore<IdentityUser>().AddSignInManager();
            services.AddSingleton<IUserStore<IdentityUser>>(new IdentityTable(_user));
            services.AddSingleton<IMfaUsers>(new StubUsers { Claims = [new("AspNet.Identity.SecurityStamp", "stamp")] });
            services.Configure<SecurityStampValidatorOptions>(options => options.OnRefreshingPrincipal = context =>
            {
                ((System.Security.Claims.ClaimsIdentity)context.NewPrincipal!.Identity!).AddClaims([new("of", "host"), new("AMR", "face")]);
                return Task.CompletedTask;
            });
        });
    }

    [Fact]
    public async Task Session_RefreshedByTheValidator_KeepsWhatMfaWrote()
    {
        await Browser.SignInWithMfaAsync();
        var before = await SignInClaimsAsync();
        Assert.Equal(5, before.Length);

        Site.Clock.Advance(TimeSpan.FromMinutes(31));

        Assert.Equal(before, await SignInClaimsAsync());
        Assert.Contains("of: host", await Browser.ClaimsAsync());
        await Browser.SubmitAsync("/mfa/recovery-codes");
    }

    [Fact]
    public async Task Session_WithoutMfaRefreshedByTheValidator_StaysWithoutIt()
    {
        await Browser.LogInAsync();
        Site.Clock.Advance(TimeSpan.FromMinutes(31));

        Assert.Equal(["amr: pwd"], await Browser.ClaimsAsync("amr"));
        Assert.Contains("of: host", await Browser.ClaimsAsync());
        Assert.Equal(HttpStatusCode.Forbidden, await Browser.GetStatusAsync("/orders"));
    }

    [Fact]
    public async Task Session_StampChanged_IsOver()
    {
        await Browser.SignInWithMfaAsync();
        _user.SecurityStamp = "another";
        Site.Clock.Advance(TimeSpan.FromMinutes(31));

        Assert.Equal(HttpStatusCode.Unauthorized, await Browser.GetStatusAsync("/me"));
    }

    private async Task<string[]> SignInClaimsAsync() =>
        [.. await Browser.ClaimsAsync("a"), .. await Browser.ClaimsAsync("mfa_time")];
}
