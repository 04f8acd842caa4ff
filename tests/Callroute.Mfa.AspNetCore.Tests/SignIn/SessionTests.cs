using System.Net;
using System.Security.Claims;
using Callroute.Mfa.AspNetCore.Tests.Setting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Tests.SignIn;

public sealed class SessionTests : SiteTest
{
    [Fact]
    public async Task Claims_OfTheApplication_CannotSayThatMfaWasPassed()
    {
        Site.Add(services => services.AddSingleton<IMfaUsers>(new StubUsers
        {
            Claims =
            [
                new("role", "admin"), new("amr", "mfa"), new("mfa_time", "4000000000"), new("auth_time", "1"),
                new(ClaimTypes.NameIdentifier, "bob"), new("AMR", "mfa"), new("MFA_Time", "4000000000"),
                new(ClaimTypes.NameIdentifier.ToUpperInvariant(), "bob"),
            ],
        }));

        await Browser.LogInAsync();

        var claims = await Browser.ClaimsAsync();
        Assert.Equal(4, claims.Length);
        Assert.All(["role: admin", $"{ClaimTypes.NameIdentifier}: ann", "amr: pwd"], claim => Assert.Contains(claim, claims));
        Assert.Equal(HttpStatusCode.Forbidden, await Browser.GetStatusAsync("/orders"));
    }

    [Fact]
    public async Task Claims_OfATransformation_AreNotKeptWhenTheSessionIsRenewed()
    {
        var transformation = new RolesOfToday { IsAdministrator = true };
        Site.Add(services => services.AddSingleton<IClaimsTransformation>(transformation));
        await Browser.EnrollAsync();
        Assert.Contains("role: administrator", await Browser.ClaimsAsync());

        transformation.IsAdministrator = false;

        Assert.DoesNotContain("role: administrator", await Browser.ClaimsAsync());
    }

    [Fact]
    public async Task Session_TokensAreTheDefaultScheme_IsThatOfTheSignInSchemeOnly()
    {
        Site.Add(services => services.AddAuthentication("Token").AddScheme<AuthenticationSchemeOptions, TokenHandler>("Token", null));
        Site.Set("Callroute:MfaSignIn:Scheme", CookieAuthenticationDefaults.AuthenticationScheme);
        await Browser.LogInAsync();
        Assert.Equal(HttpStatusCode.OK, await Browser.GetStatusAsync("/mfa"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await Other.SendAsync(HttpMethod.Get, "/mfa", ("Token", "eve"))).StatusCode);
    }

    // A policy of two schemes merges the identities of both. A scheme of the application may say nothing of MFA.
    [Theory]
    [InlineData("bob", null, HttpStatusCode.Forbidden)]
    [InlineData("ann", "elsewhere", HttpStatusCode.Forbidden)]
    [InlineData(null, null, HttpStatusCode.Forbidden)]
    [InlineData("ann", null, HttpStatusCode.OK)]
    public async Task MfaPolicy_IdentityWithoutClaimsOfMfa_MustBeOfTheSameUser(string? user, string? tenant, HttpStatusCode expected)
    {
        Site.Set("Callroute:MfaSignIn:TenantClaim", "tenant");
        var second = new SecondIdentity();
        Site.Add(services => services.AddSingleton<IClaimsTransformation>(second));
        await Browser.EnrollAsync();

        second.Claims =
        [
            new("role", "administrator"), .. user is null ? [] : (Claim[])[new(ClaimTypes.NameIdentifier, user)],
            .. tenant is null ? [] : (Claim[])[new("tenant", tenant)],
        ];

        Assert.Equal(expected, await Browser.GetStatusAsync("/orders"));
        Assert.Equal(
            expected == HttpStatusCode.Forbidden,
            Site.Log.Lines.Any(line => line.Contains("RequireMfa refused a request", StringComparison.Ordinal)));
    }

    // The browser would have no way out until its cookies are deleted.
    [Theory]
    [InlineData("", null)]
    [InlineData("\n", null)]
    [InlineData("ann", "")]
    [InlineData("ann", "\n")]
    public async Task Session_WithAnIdOrTenantThatNoUserHas_IsNoneAndEnds(string id, string? tenant)
    {
        Site.Set("Callroute:MfaSignIn:TenantClaim", "tenant");
        Site.Map(endpoints => endpoints.MapGet("/own", (HttpContext context) => context.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity(
            [new(ClaimTypes.NameIdentifier, id), .. tenant is null ? [] : (Claim[])[new("tenant", tenant)]], "own")))));
        await Other.EnrollAsync();
        await Browser.GetAsync("/own");

        Assert.Equal(HttpStatusCode.Unauthorized, await Browser.GetStatusAsync("/mfa"));
        Assert.Equal(HttpStatusCode.OK, await Browser.PostStatusAsync("/logout"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Browser.GetStatusAsync("/me"));
        await Browser.GetAsync("/own");
        Assert.Equal("CodeRequired", await Browser.LogInAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, await Browser.GetStatusAsync("/me"));
    }

    // ClaimsIdentityOptions.RoleClaimType of ASP.NET Core Identity, for example, is a setting.
    [Fact]
    public async Task Claims_WithTypesOfTheirOwnForNameAndRole_KeepThemWhenTheSessionIsRenewed()
    {
        var own = new ClaimsIdentity([new("nick", "Ann"), new("position", "chief")], null, "nick", "position");
        Site.Add(services => services.AddSingleton<IMfaUsers>(new StubUsers { Claims = [.. own.Claims] }));
        Site.Map(endpoints => endpoints.MapGet("/name", (HttpContext context) => Results.Text(context.User.Identity!.Name))
            .RequireAuthorization(policy => policy.RequireRole("chief")));

        await Browser.LogInAsync();
        await AssertNameAsync();
        var (_, confirmed) = await Browser.BindAsync();
        await AssertNameAsync();
        await Browser.SubmitAsync($"/mfa/recovery-codes/{confirmed.GetProperty("recoveryCodes").GetProperty("setId")}/acknowledge");
        await AssertNameAsync();

        async Task AssertNameAsync() => Assert.Equal("Ann", await (await Browser.GetAsync("/name")).Content.ReadAsStringAsync(Token));
    }

    /// <summary>Adds an identity to every session, from the time when it is set.</summary>
    private sealed class SecondIdentity : IClaimsTransformation
    {
        public Claim[]? Claims { get; set; }

        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            var transformed = principal.Clone();
            transformed.AddIdentities(Claims is null ? [] : [new ClaimsIdentity(Claims, "Token")]);
            return Task.FromResult(transformed);
        }
    }

    private sealed class RolesOfToday : IClaimsTransformation
    {
        public bool IsAdministrator { get; set; }

        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            // It changes the identity in place, as the framework's documentation shows.
            principal.AddIdentity(new ClaimsIdentity(IsAdministrator ? [new Claim("role", "administrator")] : []));
            return Task.FromResult(principal);
        }
    }
}
