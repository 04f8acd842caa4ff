using System.Net;
using System.Text.Json;
using Callroute.Mfa.AspNetCore.Tests.Setting;
using Callroute.Mfa.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Tests.SignIn;

/// <summary>Clients without cookies.</summary>
public sealed class TokenTests : SiteTest
{
    private static readonly object Password = new { name = "ann", password = "correct horse" };

    [Fact]
    public async Task SignIn_ByToken_HasTheClaimsOfTheCookieAndWritesNone()
    {
        var (phone, _) = await Browser.SignInWithMfaAsync();
        Other.Bearer = await Other.AskForTokenAsync();

        var response = await Other.VerifyAsync(phone.GetCode());

        Assert.False(response.Headers.Contains("Set-Cookie"));
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var tokens = (await Browser.ReadAsync(response)).GetProperty("tokens");
        Assert.Equal("Bearer", tokens.GetProperty("tokenType").GetString());
        Other.Bearer = AccessTokenOf(tokens);
        Assert.Equal(await Browser.ClaimsAsync("amr"), await Other.ClaimsAsync("amr"));
        Assert.Equal(HttpStatusCode.OK, await Other.GetStatusAsync("/orders"));
    }

    [Fact]
    public async Task FirstFactor_UserMustEnrol_CanOnlyEnrol()
    {
        Site.UseStubUsers().Policy = MfaPolicy.Required;
        var problem = await Browser.ReadProblemAsync(await Other.PostAsync("/token", Password), HttpStatusCode.Forbidden);
        Assert.Equal("enrollment-required", problem.GetProperty("reason").GetString());
        Other.Bearer = problem.GetProperty("mfaToken").GetString();
        Assert.Equal(HttpStatusCode.Unauthorized, (await Other.VerifyAsync("123456")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await Other.GetStatusAsync("/mfa"));

        var (_, confirmed) = await Other.BindAsync();

        Other.Bearer = AccessTokenOf(confirmed.GetProperty("tokens"));
        Assert.Equal(HttpStatusCode.OK, await Other.GetStatusAsync("/orders"));
        Assert.Empty(Other.Cookies.GetAllCookies());
    }

    [Fact]
    public async Task FirstFactor_UserIsGone_IsRefused()
    {
        Site.UseStubUsers().IsGone = true;

        Assert.Equal("urn:callroute:mfa:sign-in-refused", await Other.FailAsync(HttpStatusCode.Forbidden, "/token", Password));
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("altered")]
    [InlineData("bob's")]
    [InlineData("before new recovery codes")]
    [InlineData("before another phone")]
    [InlineData("used before")]
    [InlineData("the cookie's")]
    [InlineData("a session's")]
    [InlineData("no token")]
    [InlineData("")]
    public async Task MfaToken_NotTheUsersOwnFreshOne_AcceptsNoCode(string token)
    {
        var phone = (await Browser.SignInWithMfaAsync()).Phone;
        Other.Bearer = await HostileTokenAsync(token, await Other.AskForTokenAsync(), phone);

        var response = await Other.VerifyAsync(phone.GetCode());

        Assert.True(response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest, $"{response.StatusCode}");
        Assert.Equal(token == "a session's" ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, await Other.GetStatusAsync("/me"));
    }

    [Fact]
    public async Task MfaToken_AsAnythingElse_IsNothing()
    {
        var (phone, _) = await Browser.SignInWithMfaAsync();
        var challenge = await Other.AskForTokenAsync();
        Other.Bearer = challenge;
        Assert.Equal(HttpStatusCode.Unauthorized, await Other.GetStatusAsync("/me"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Other.GetStatusAsync("/mfa"));
        await Other.FailAsync(HttpStatusCode.Unauthorized, "/mfa/enrollments");

        Other.Bearer = null;
        Other.Keep(Browser.ChallengeCookie, challenge);
        Other.Keep(Browser.SessionCookie, challenge);

        Assert.Equal(HttpStatusCode.Unauthorized, (await Other.VerifyAsync(phone.GetCode())).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await Other.GetStatusAsync("/me"));
    }

    [Fact]
    public async Task SessionTokens_AsAnythingElse_AreNothing()
    {
        var (_, tokens) = await SignInByTokenAsync();
        Other.Bearer = tokens.GetProperty("refreshToken").GetString();
        Assert.Equal(HttpStatusCode.Unauthorized, await Other.GetStatusAsync("/mfa"));

        Other.Bearer = null;
        Other.Keep(Browser.SessionCookie, AccessTokenOf(tokens));

        Assert.Equal(HttpStatusCode.Unauthorized, await Other.GetStatusAsync("/mfa"));
    }

    // A code that was right is told with its session, even if the change was refused.
    [Fact]
    public async Task Change_RefusedAfterItsCode_HasTheNewTokens()
    {
        var (phone, _) = await SignInByTokenAsync();
        Site.Clock.Advance(TimeSpan.FromMinutes(20));
        var body = new { code = phone.GetCode() };

        var response = await Other.PostAsync($"/mfa/authenticators/{Guid.NewGuid()}/remove", body);

        var problem = await Browser.ReadProblemAsync(response, HttpStatusCode.NotFound);
        Other.Bearer = AccessTokenOf(problem.GetProperty("tokens"));
        await Other.SubmitAsync("/mfa/recovery-codes");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task KnownDevice_InTheBody_CountsApartFromStrangers(bool isSent)
    {
        var (phone, tokens) = await SignInByTokenAsync();
        var knownDevice = isSent ? tokens.GetProperty("knownDevice").GetString() : null;
        Other.Bearer = await Other.AskForTokenAsync();

        await Other.PostAsync("/mfa/challenge/verify", new { code = Browser.WrongCodeFor(phone), knownDevice });

        var status = await Site.Mfa.GetStatusAsync(new("ann"), Token);
        Assert.Equal(isSent ? 1 : 0, status.TotpOnKnownDevices.ConsecutiveFailures);
        Assert.Equal(isSent ? 0 : 1, status.TotpOnUnknownDevices.ConsecutiveFailures);
    }

    [Fact]
    public async Task Request_WithATokenAndCookies_UsesTheTokenOnly()
    {
        await Browser.SignInWithMfaAsync();
        Browser.Bearer = "no token";

        Assert.Equal(HttpStatusCode.Unauthorized, await Browser.GetStatusAsync("/mfa"));
        await Browser.FailAsync(HttpStatusCode.Unauthorized, "/mfa/enrollments");
    }

    // Browsers add "Basic" on their own, but never "Bearer".
    [Theory]
    [InlineData("Bearer", HttpStatusCode.OK)]
    [InlineData("Basic", HttpStatusCode.Forbidden)]
    public async Task Post_OfAnotherOrigin_NeedsAToken(string scheme, HttpStatusCode expected)
    {
        var (_, tokens) = await SignInByTokenAsync();
        var response = await Browser.SendAsync(
            HttpMethod.Post,
            "/mfa/enrollments",
            ("Authorization", $"{scheme} {AccessTokenOf(tokens)}"), ("Sec-Fetch-Site", "cross-site"), ("Origin", "capacitor://localhost"));

        Assert.Equal(expected, response.StatusCode);
    }

    // A policy of two schemes merges the identities of both.
    [Fact]
    public async Task MfaPolicy_CookieAndTokenOfTwoUsers_OnesMfaIsNotTheOthers()
    {
        var (_, tokens) = await SignInByTokenAsync();
        Assert.Equal(HttpStatusCode.OK, await Other.GetStatusAsync("/orders"));
        Other.Bearer = null;
        await Other.LogInAsBobAsync();

        Other.Bearer = AccessTokenOf(tokens);

        Assert.Equal(HttpStatusCode.Forbidden, await Other.GetStatusAsync("/orders"));
    }

    [Fact]
    public async Task BearerScheme_NotSet_TokensAreOfNoUse()
    {
        Site.Set("Callroute:MfaSignIn:BearerScheme", string.Empty);
        Site.Add(services => services.Configure<MfaSignInOptions>(options => options.BearerScheme = null));
        await Browser.LogInAsync();
        Browser.Bearer = "no token";

        Assert.Equal(HttpStatusCode.OK, await Browser.GetStatusAsync("/mfa"));
        Assert.Equal(HttpStatusCode.InternalServerError, await Other.PostStatusAsync("/token", Password));
    }

    private async Task<string?> HostileTokenAsync(string kind, string token, VirtualAuthenticator phone)
    {
        switch (kind)
        {
            case "expired":
                Site.Clock.Advance(TimeSpan.FromSeconds(601));
                return token;
            case "altered":
                return $"{token[..^3]}{(token[^3] == 'A' ? 'B' : 'A')}{token[^2..]}";
            case "bob's":
                using (var bob = Open())
                {
                    await bob.LogInAsBobAsync();
                    await bob.BindAsync();
                }

                return await Other.AskForTokenAsync("bob", "battery staple");
            case "before new recovery codes":
                await Browser.SubmitAsync("/mfa/recovery-codes");
                return token;
            case "before another phone":
                await Browser.BindAsync();
                return token;
            case "used before":
                Other.Bearer = token;
                await Browser.ReadAsync(await Other.VerifyAsync(phone.GetCode()));
                Site.Clock.Advance(TimeSpan.FromSeconds(30));
                return token;
            case "the cookie's":
                await Other.LogInAsync();
                return Other.CookieNamed(Browser.ChallengeCookie);
            case "a session's":
                Other.Bearer = token;
                var accepted = await Browser.ReadAsync(await Other.VerifyAsync(phone.GetCode()));
                Site.Clock.Advance(TimeSpan.FromSeconds(30));
                return AccessTokenOf(accepted.GetProperty("tokens"));
            default:
                return kind;
        }
    }

    /// <summary>Signs ann in with a code, in a client without cookies.</summary>
    private async Task<(VirtualAuthenticator Phone, JsonElement Tokens)> SignInByTokenAsync()
    {
        var phone = (await Browser.SignInWithMfaAsync()).Phone;
        Other.Bearer = await Other.AskForTokenAsync();
        var tokens = (await Browser.ReadAsync(await Other.VerifyAsync(phone.GetCode()))).GetProperty("tokens");
        Other.Bearer = AccessTokenOf(tokens);
        Site.Clock.Advance(TimeSpan.FromSeconds(30));
        return (phone, tokens);
    }

    private static string AccessTokenOf(JsonElement tokens) => tokens.GetProperty("accessToken").GetString()!;
}
