using System.Net;
using System.Net.Http.Json;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json;
using Callroute.Mfa.AspNetCore.Tests.Setting;
using Callroute.Mfa.Testing;
using Microsoft.AspNetCore.Builder;

namespace Callroute.Mfa.AspNetCore.Tests.Endpoints;

public sealed class EndpointTests : SiteTest
{
    // The sender of a request knows the secret in it, so no endpoint may import one.
    [Fact]
    public void Package_Types_NeverUseAnImport()
    {
        using var assembly = new PEReader(File.OpenRead(typeof(MfaAccount).Assembly.Location));
        var metadata = assembly.GetMetadataReader();
        var used = metadata.TypeReferences.Select(type => metadata.GetString(metadata.GetTypeReference(type).Name)).ToArray();

        Assert.Contains(nameof(MfaService), used);
        Assert.DoesNotContain(nameof(MfaImport), used);
    }

    [Fact]
    public async Task Verify_WhateverTheReason_TheRefusalLooksTheSame()
    {
        var (phone, _) = await Browser.SignInWithMfaAsync();
        await Other.LogInAsync();

        var wrong = await RefusalAsync(await Other.VerifyAsync(Browser.WrongCodeFor(phone)));
        var malformed = await RefusalAsync(await Other.VerifyAsync("no code"));
        await Site.Mfa.EraseAsync(Ann, Token);
        var notEnrolled = await RefusalAsync(await Other.VerifyAsync("123456"));

        Assert.All([malformed, notEnrolled], other => Assert.Equal(wrong, other));
    }

    [Fact]
    public async Task Verify_LockedOutOrReplayed_LooksTheSameButForTheWait()
    {
        Site.Set("Callroute:Mfa:TotpThrottle:LockoutThreshold", "2");
        var (phone, recoveryCode) = await Browser.EnrollAsync();
        var code = phone.GetCode();
        await Browser.LogInAsync();
        await Browser.ReadAsync(await Browser.VerifyAsync(code));
        await Other.LogInAsync();

        var replayed = await Other.VerifyAsync(code);
        var wrong = await RefusalAsync(await Other.VerifyAsync(Browser.WrongCodeFor(phone)));
        await Other.VerifyAsync(Browser.WrongCodeFor(phone));
        var lockedOut = await Other.VerifyAsync(phone.GetCode());

        Assert.InRange(WaitOf(replayed) ?? 0, 1, 60);
        Assert.Equal(24 * 60 * 60, WaitOf(lockedOut));
        var waiting = wrong with { Status = 429, Body = wrong.Body.Replace("400", "429", StringComparison.Ordinal) };
        Assert.Equal(waiting, await RefusalAsync(replayed));
        Assert.Equal(waiting, await RefusalAsync(lockedOut));
        await Browser.ReadAsync(await Other.VerifyAsync(recoveryCode));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123456789abcdef")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("00000000000000000000000000000000")]
    public async Task Post_MalformedAttempt_IsRefusedBeforeTheCodeIsChecked(string attempt)
    {
        var (phone, _) = await Browser.SignInWithMfaAsync();

        foreach (var path in new[] { "/mfa/step-up", "/mfa/disable", "/mfa/enrollments" })
        {
            var problem = await Browser.FailAsync(HttpStatusCode.BadRequest, path, new { code = phone.GetCode(), attempt });
            Assert.Equal("urn:callroute:mfa:attempt-malformed", problem);
        }

        await Browser.SubmitAsync("/mfa/step-up", new { code = phone.GetCode() });
    }

    [Fact]
    public async Task Verify_StoreFails_IsUnavailableAndSignsNobodyIn()
    {
        var (phone, _) = await Browser.SignInWithMfaAsync();
        await Other.LogInAsync();
        Site.Store.Arm(StoreFault.ThrowBefore, atCall: 2);

        var response = await Other.VerifyAsync(phone.GetCode());

        await Browser.ReadProblemAsync(response, HttpStatusCode.ServiceUnavailable);
        Assert.True(response.Headers.Contains("Retry-After"));
        AssertLogged("A code was not answered: System.IO.IOException");
        Assert.Equal(HttpStatusCode.Unauthorized, await Other.GetStatusAsync("/me"));
    }

    [Fact]
    public async Task Regeneration_TooOften_MustWait()
    {
        await Browser.SignInWithMfaAsync();
        for (var times = 0; times < 5; times++)
        {
            await Browser.SubmitAsync("/mfa/recovery-codes");
        }

        var response = await Browser.PostAsync("/mfa/recovery-codes");

        var problem = await Browser.ReadProblemAsync(response, HttpStatusCode.TooManyRequests);
        Assert.Equal("urn:callroute:mfa:throttled", problem.GetProperty("type").GetString());
        Assert.Equal(3600, WaitOf(response));
    }

    [Theory]
    [InlineData("step-up")]
    [InlineData("recovery-codes")]
    public async Task Post_ClockOfTheNodeIsFarBehind_IsToBeTriedAgain(string path)
    {
        var (phone, _) = await Browser.SignInWithMfaAsync();
        Site.Clock.Advance(TimeSpan.FromMinutes(-6));

        await Browser.FailAsync(HttpStatusCode.ServiceUnavailable, $"/mfa/{path}", new { code = phone.GetCode() });
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-origin|cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "none", HttpStatusCode.OK)]
    [InlineData("Origin", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "http://localhost", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "https://localhost|https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "https://localhost", HttpStatusCode.OK)]
    [InlineData("Origin", "", HttpStatusCode.OK)]
    public async Task Post_FromAnotherSite_IsRefused(string header, string values, HttpStatusCode expected)
    {
        await Browser.LogInAsync();

        var response = await Browser.SendAsync(HttpMethod.Post, "/mfa/enrollments", (header, values));

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task EveryEndpoint_IsKeptOutOfCaches()
    {
        await Browser.SignInWithMfaAsync();

        foreach (var path in new[] { "/mfa", "/mfa/challenge" })
        {
            Assert.True((await Browser.GetAsync(path)).Headers.CacheControl?.NoStore);
        }

        foreach (var path in new[] { "/mfa/enrollments", "/mfa/recovery-codes", "/mfa/step-up" })
        {
            Assert.True((await Browser.PostAsync(path)).Headers.CacheControl?.NoStore);
        }
    }

    [Theory]
    [InlineData("step-up", "null")]
    [InlineData("step-up", "")]
    [InlineData("step-up", "[]")]
    [InlineData("step-up", "{\"code\":918273}")]
    [InlineData("step-up", "{\"code\":{\"a\":\"918273\"}}")]
    [InlineData("step-up", "{\"code\":\"918273\",\"code\":918273}")]
    [InlineData("step-up", "{\"code\":\"918273")]
    [InlineData("challenge/verify", "{\"code\": [918273")]
    [InlineData("enrollments", "{\"code\": [918273")]
    public async Task Post_BodyThatIsNoRequest_IsRefusedAndRepeatedNowhere(string path, string body)
    {
        Site.Set("environment", "Production");
        await Browser.LogInAsync();

        var response = await Browser.SendAsync($"/mfa/{path}", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.DoesNotContain("918273", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.DoesNotContain(Site.Log.Lines, line => line.Contains("918273", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Post_BodyOfAMegabyte_IsTooLarge()
    {
        await using var app = await StartOnKestrelAsync();
        using var client = BareApp.ClientOf(app);

        var response = await client.PostAsJsonAsync("/mfa/challenge/verify", new { code = new string('1', 1 << 20) }, Token);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    // A filter of the application may log arguments and results.
    [Fact]
    public void Bodies_AsText_HaveNoCodeAndNoKey()
    {
        var codes = new RecoveryCodesResponse(Guid.Empty, ["canary"]);
        object[] bodies =
        [
            new CodeRequest("canary"),
            new EnrollmentRequest("canary", null, "phone"),
            new EnrollmentResponse(Guid.Empty, "canary", "canary", "canary", default, codes),
            new ConfirmationResponse(Guid.Empty, codes),
            new VerificationResponse("otp", codes, null),
            new ChangeResponse(codes),
            codes,
        ];

        Assert.All(bodies, body => Assert.DoesNotContain("canary", $"{body}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("")]
    public async Task Map_AtTheRoot_Answers(string prefix)
    {
        await using var app = await StartOnKestrelAsync(prefix);
        using var client = BareApp.ClientOf(app);

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(new Uri("/challenge", UriKind.Relative), Token)).StatusCode);
    }

    private static Task<WebApplication> StartOnKestrelAsync(string prefix = "/mfa") => BareApp.StartAsync(
        BareApp.AddAll,
        app => app.MapMfaEndpoints(prefix),
        settings: new Dictionary<string, string?> { ["Callroute:Mfa:Issuer"] = "Test" });

    private static int? WaitOf(HttpResponseMessage response) =>
        (int?)response.Headers.RetryAfter?.Delta?.TotalSeconds;

    private static async Task<(int Status, string Body)> RefusalAsync(HttpResponseMessage response)
    {
        var members = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(await response.Content.ReadAsStringAsync(Token))!;
        members.Remove("traceId");
        return ((int)response.StatusCode, JsonSerializer.Serialize(members));
    }
}
