using System.Net;
using System.Security.Claims;
using System.Text.Json;
using Callroute.Mfa.AspNetCore.Identity.Tests.Setting;
using Callroute.Mfa.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Identity.Tests;

/// <summary>The endpoints of MapIdentityApi.</summary>
public sealed class ApiTests
{
    private const string Wrong = "000000";

    [Fact]
    public async Task Endpoints_FromEnrollmentToDisable_Work()
    {
        await using var site = await IdentitySite.StartApiAsync();
        using var client = await RegisterAsync(site);
        var (phone, enrolled) = await EnrollAsync(site, client);
        Assert.True(enrolled.GetProperty("isTwoFactorEnabled").GetBoolean());
        var codes = enrolled.GetProperty("recoveryCodes").EnumerateArray().Select(code => code.GetString()!).ToArray();
        Assert.Equal(10, codes.Length);

        Assert.Equal("RequiresTwoFactor", Detail(await LogInAsync(client)));
        var code = phone.GetCode();
        await SignInAsync(client, new { twoFactorCode = code });
        Assert.Equal("MfaReplayed", Detail(await LogInAsync(client, twoFactorCode: code)));
        await SignInAsync(client, new { twoFactorRecoveryCode = codes[0] });
        Assert.Equal("MfaWrongCode", Detail(await LogInAsync(client, twoFactorRecoveryCode: codes[0])));
        Assert.Equal(["mfa", "pwd", "recovery"], await client.ClaimsAsync("amr"));

        Assert.False((await client.PostJsonAsync("/manage/2fa", new { enable = false })).GetProperty("isTwoFactorEnabled").GetBoolean());
        await SignInAsync(client, new { });
    }

    [Fact]
    public async Task Login_AfterManyWrongCodes_TellsReasonAndWait()
    {
        await using var site = await IdentitySite.StartApiAsync();
        using var client = await RegisterAsync(site);
        await EnrollAsync(site, client);

        var answers = new List<Page>();
        for (var tries = 0; tries < 8; tries++)
        {
            answers.Add(await LogInAsync(client, twoFactorCode: Wrong));
        }

        Assert.Equal("MfaWrongCode", Detail(answers[0]));
        Assert.Equal("MfaThrottled", Detail(answers[^1]));
        Assert.InRange(answers[^1].RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Assert.Equal(0, await site.InScopeAsync((users, user) => users.GetAccessFailedCountAsync(user)));
    }

    [Theory]
    [InlineData("""{"enable":false}""")]
    [InlineData("""{"resetSharedKey":true}""")]
    [InlineData("""{"resetRecoveryCodes":true}""")]
    public async Task Change_WithoutYoungVerification_NeedsACode(string change)
    {
        await using var site = await IdentitySite.StartApiAsync();
        using var client = await RegisterAsync(site);
        var (phone, _) = await EnrollAsync(site, client);
        await SignInAsync(client, new { twoFactorCode = phone.GetCode() });
        site.Clock.Advance(TimeSpan.FromMinutes(11));
        var body = JsonSerializer.Deserialize<Dictionary<string, object>>(change)!;

        var refused = await client.PostAsync("/manage/2fa", body);
        Assert.Equal((HttpStatusCode.Forbidden, "MfaCodeRequired"), (refused.Status, Detail(refused)));
        body["twoFactorCode"] = Wrong;
        Assert.Equal("MfaWrongCode", Detail(await client.PostAsync("/manage/2fa", body)));
        body["twoFactorCode"] = phone.GetCode();
        var changed = await client.PostJsonAsync("/manage/2fa", body);

        Assert.NotEqual("""{"enable":false}""" == change, changed.GetProperty("isTwoFactorEnabled").GetBoolean());
        Assert.Equal(
            change.Contains("Codes", StringComparison.Ordinal),
            changed.GetProperty("recoveryCodes").ValueKind == JsonValueKind.Array);
    }

    [Fact]
    public async Task Login_MustEnroll_EverythingElseIsForbidden()
    {
        await using var site = await IdentitySite.StartApiAsync(options => options.RequiredFor = _ => true);
        using var client = await RegisterAsync(site);

        var refused = await client.GetApiAsync("/secret");
        Assert.Equal((HttpStatusCode.Forbidden, "MfaEnrollmentRequired"), (refused.Status, Detail(refused)));
        var (phone, _) = await EnrollAsync(site, client);
        await SignInAsync(client, new { twoFactorCode = phone.GetCode() });

        Assert.Equal("secret", (await client.GetApiAsync("/secret")).Text);
        Assert.Equal("MfaRequiredByPolicy", Detail(await client.PostAsync("/manage/2fa", new { enable = false })));

        // The code is not used up.
        site.Clock.Advance(TimeSpan.FromSeconds(30));
        var next = new { enable = false, twoFactorCode = phone.GetCode() };
        Assert.Equal("MfaRequiredByPolicy", Detail(await client.PostAsync("/manage/2fa", next)));
        await SignInAsync(client, new { next.twoFactorCode });
    }

    // A policy of two schemes has the identities of both.
    [Fact]
    public async Task Gate_CookieOfAUserWhoMustEnrollAndTokenOfAnother_RefusesTheCookie()
    {
        const string Bob = "bob@example.com";
        await using var site = await IdentitySite.StartAsync<UserContext>(
            services =>
            {
                services.AddIdentityApiEndpoints<IdentityUser>().AddEntityFrameworkStores<UserContext>()
                    .AddCallrouteMfa(options => options.RequiredFor = user => user.HasClaim(ClaimTypes.Name, Bob));
                services.AddAuthorizationBuilder().AddPolicy("both", policy => policy.RequireAuthenticatedUser()
                    .AddAuthenticationSchemes(IdentityConstants.ApplicationScheme, IdentityConstants.BearerScheme));
            },
            app =>
            {
                app.MapIdentityApi<IdentityUser>();
                app.MapGet("/both", () => "both").RequireAuthorization("both");
            });
        using var client = await RegisterAsync(site);
        var (phone, _) = await EnrollAsync(site, client);
        await SignInAsync(client, new { twoFactorCode = phone.GetCode() });
        Assert.Equal("both", (await client.GetApiAsync("/both")).Text);

        await client.PostAsync("/register", new { email = Bob, password = IdentitySite.Password });
        await client.PostAsync("/login?useCookies=true", new { email = Bob, password = IdentitySite.Password });

        var refused = await client.GetApiAsync("/both");
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Equal("MfaEnrollmentRequired", Detail(refused));
    }

    [Fact]
    public async Task Gate_SecondIdentityOfTheSameUser_NeedsNoMfaOfItsOwn()
    {
        await using var site = await IdentitySite.StartAsync<UserContext>(
            services =>
            {
                services.AddIdentityApiEndpoints<IdentityUser>().AddEntityFrameworkStores<UserContext>()
                    .AddCallrouteMfa(options => options.RequiredFor = _ => true);
                services.AddSingleton<IClaimsTransformation, Twin>();
            },
            app =>
            {
                app.MapIdentityApi<IdentityUser>();
                app.MapGet("/in", () => "in").RequireAuthorization();
            });
        using var client = await RegisterAsync(site);
        var (phone, _) = await EnrollAsync(site, client);

        await SignInAsync(client, new { twoFactorCode = phone.GetCode() });

        Assert.Equal("in", (await client.GetApiAsync("/in")).Text);
    }

    [Fact]
    public async Task Refresh_Token_KeepsMethodsAndTimeOfMfa()
    {
        await using var site = await IdentitySite.StartApiAsync();
        using var client = await RegisterAsync(site);
        var (phone, _) = await EnrollAsync(site, client);
        var token = await SignInAsync(client, new { twoFactorCode = phone.GetCode() });
        string[][] before = [await client.ClaimsAsync("amr"), await client.ClaimsAsync("mfa_time"), await client.ClaimsAsync("auth_time")];
        site.Clock.Advance(TimeSpan.FromMinutes(50));

        var refreshed = await client.PostJsonAsync("/refresh", new { refreshToken = token.GetProperty("refreshToken").GetString() });
        client.Bearer = refreshed.GetProperty("accessToken").GetString();

        Assert.Equal(["mfa", "otp", "pwd"], before[0]);
        Assert.Equal(
            before,
            [await client.ClaimsAsync("amr"), await client.ClaimsAsync("mfa_time"), await client.ClaimsAsync("auth_time")]);
    }

    [Fact]
    public async Task Enrollment_ClientWithoutCookies_Works()
    {
        await using var site = await IdentitySite.StartApiAsync();
        using var client = await RegisterAsync(site);
        using var thief = site.Open();
        await SignInAsync(thief, new { });
        var stolen = VirtualAuthenticator.FromManualKey(await KeyAsync(thief), site.Clock);
        var phone = VirtualAuthenticator.FromManualKey(await KeyAsync(client), site.Clock);
        Assert.Empty(client.Cookies.GetAllCookies());

        Assert.Equal("MfaNotEnrolled", Detail(await ConfirmAsync(thief, stolen)));
        Assert.Equal(HttpStatusCode.OK, (await ConfirmAsync(client, phone)).Status);
    }

    [Fact]
    public async Task RecoveryCodes_MadeTooOften_TellsTheReason()
    {
        await using var site = await IdentitySite.StartApiAsync();
        using var client = await RegisterAsync(site);
        var (phone, _) = await EnrollAsync(site, client);
        await SignInAsync(client, new { twoFactorCode = phone.GetCode() });
        for (var times = 0; times < 5; times++)
        {
            var issued = await client.PostJsonAsync("/manage/2fa", new { resetRecoveryCodes = true });
            Assert.Equal((10, 10), (issued.GetProperty("recoveryCodes").GetArrayLength(), (await site.StatusAsync()).RecoveryCodesLeft));
        }

        var refused = await client.PostAsync("/manage/2fa", new { resetRecoveryCodes = true });

        Assert.Equal((HttpStatusCode.TooManyRequests, "MfaThrottled"), (refused.Status, Detail(refused)));
    }

    private static string? Detail(Page page) => page.Json.GetProperty("detail").GetString();

    private static async Task<Browser> RegisterAsync(IdentitySite site)
    {
        var client = site.Open();
        await client.PostAsync("/register", new { email = IdentitySite.Ann, password = IdentitySite.Password });
        await SignInAsync(client, new { });
        return client;
    }

    private static async Task<(VirtualAuthenticator Phone, JsonElement Enrolled)> EnrollAsync(IdentitySite site, Browser client)
    {
        var phone = VirtualAuthenticator.FromManualKey(await KeyAsync(client), site.Clock);
        var enrolled = await ConfirmAsync(client, phone);
        Assert.Equal(HttpStatusCode.OK, enrolled.Status);
        site.Clock.Advance(TimeSpan.FromSeconds(30));
        return (phone, enrolled.Json);
    }

    private static async Task<string> KeyAsync(Browser client) =>
        (await client.PostJsonAsync("/manage/2fa", new { })).GetProperty("sharedKey").GetString()!;

    private static Task<Page> ConfirmAsync(Browser client, VirtualAuthenticator phone) =>
        client.PostAsync("/manage/2fa", new { enable = true, twoFactorCode = phone.GetCode() });

    private static Task<Page> LogInAsync(Browser client, string? twoFactorCode = null, string? twoFactorRecoveryCode = null) =>
        client.PostAsync(
            "/login", new { email = IdentitySite.Ann, password = IdentitySite.Password, twoFactorCode, twoFactorRecoveryCode });

    private static async Task<JsonElement> SignInAsync(Browser client, object code)
    {
        var body = JsonSerializer.SerializeToNode(code)!.AsObject();
        (body["email"], body["password"]) = (IdentitySite.Ann, IdentitySite.Password);
        var token = await client.PostJsonAsync("/login", body);
        client.Bearer = token.GetProperty("accessToken").GetString();
        return token;
    }

    /// <summary>Adds what another scheme, such as a token of the application, says of the same user.</summary>
    private sealed class Twin : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            var id = principal.FindFirstValue(ClaimTypes.NameIdentifier);
            ClaimsIdentity[] twin = id is null ? [] : [new([new(ClaimTypes.NameIdentifier, id)], "Token")];
            return Task.FromResult(new ClaimsPrincipal(principal.Identities.Concat(twin)));
        }
    }
}
