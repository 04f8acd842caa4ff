using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.AspNetCore.Tests;

public sealed class EndpointTests : IDisposable
{
    private readonly Site _site = new();
    private readonly Browser _browser;

    public EndpointTests() => _browser = _site.Open();

    public void Dispose()
    {
        _browser.Dispose();
        _site.Dispose();
    }

    [Fact]
    public async Task Enrollment_First_ShowsQrCodeAndKeyAndThenOneRecoveryCode()
    {
        await _browser.LogInAsync();

        var offer = await Browser.ReadAsync(await _browser.PostAsync("/mfa/enrollments", new { name = "my phone" }));

        Assert.StartsWith("<svg", offer.GetProperty("qrCode").GetString(), StringComparison.Ordinal);
        Assert.Matches("^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$", offer.GetProperty("manualEntryKey").GetString());
        using var phone = VirtualAuthenticator.Scan(offer.GetProperty("uri").GetString()!, _site.Clock);
        Assert.Equal(("Minimal API", "ann@example.com"), (phone.Issuer, phone.AccountName));
        var path = $"/mfa/enrollments/{offer.GetProperty("enrollmentId")}";
        Assert.Equal(offer.GetProperty("uri").GetString(), (await Browser.ReadAsync(await _browser.GetAsync(path))).GetProperty("uri").GetString());
        await Browser.ReadProblemAsync(await _browser.PostAsync($"{path}/confirm", new { code = SignInTests.WrongCodeFor(phone) }), HttpStatusCode.BadRequest);
        var confirmed = await Browser.ReadAsync(await _browser.PostAsync($"{path}/confirm", new { code = phone.GetCode() }));
        Assert.Matches("^([0-9A-Z]{4}-){5}[0-9A-Z]{4}$", Assert.Single(confirmed.GetProperty("recoveryCodes").GetProperty("codes").EnumerateArray()).GetString());
        var status = await Browser.ReadAsync(await _browser.GetAsync("/mfa"));
        Assert.True(status.GetProperty("isEnabled").GetBoolean());
        Assert.Equal("my phone", status.GetProperty("authenticators")[0].GetProperty("name").GetString());
        Assert.Equal("RecoveryCodesIssued", status.GetProperty("recentEvents")[0].GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Enrollment_NoSuchOrExpired_SaysSo()
    {
        await _browser.LogInAsync();
        var offer = await Browser.ReadAsync(await _browser.PostAsync("/mfa/enrollments"));
        var path = $"/mfa/enrollments/{offer.GetProperty("enrollmentId")}";

        await Browser.ReadProblemAsync(await _browser.GetAsync($"/mfa/enrollments/{Guid.NewGuid()}"), HttpStatusCode.NotFound);
        _site.Clock.Advance(TimeSpan.FromMinutes(11));

        await Browser.ReadProblemAsync(await _browser.PostAsync($"{path}/confirm", new { code = "123456" }), HttpStatusCode.Gone);
    }

    [Fact]
    public async Task Changes_SessionVerifiedLongAgo_WantACode()
    {
        var (phone, _) = await SignInWithMfaAsync();
        var authenticator = (await Browser.ReadAsync(await _browser.GetAsync("/mfa"))).GetProperty("authenticators")[0].GetProperty("id").GetGuid();
        _site.Clock.Advance(TimeSpan.FromMinutes(11));

        foreach (var (path, body) in new (string, object)[]
        {
            ("/mfa/recovery-codes", new { }),
            ("/mfa/disable", new { }),
            ($"/mfa/authenticators/{authenticator}/remove", new { }),
            ("/mfa/enrollments", new { replaces = authenticator }),
            ("/mfa/enrollments", new { }),
        })
        {
            var problem = await Browser.ReadProblemAsync(await _browser.PostAsync(path, body), HttpStatusCode.Forbidden);
            Assert.Equal("urn:callroute:mfa:code-required", problem.GetProperty("type").GetString());
        }

        await Browser.ReadAsync(await _browser.PostAsync("/mfa/recovery-codes", new { code = phone.GetCode() }));
    }

    [Fact]
    public async Task Changes_CodeAsProof_CountsAsStepUpOfTheSession()
    {
        var (phone, _) = await SignInWithMfaAsync();
        _site.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(HttpStatusCode.Forbidden, (await _browser.PostAsync("/payments")).StatusCode);

        await Browser.ReadAsync(await _browser.PostAsync("/mfa/recovery-codes", new { code = phone.GetCode() }));

        Assert.Equal(HttpStatusCode.OK, (await _browser.PostAsync("/payments")).StatusCode);
        await Browser.ReadAsync(await _browser.PostAsync("/mfa/disable"));
        Assert.Equal(HttpStatusCode.Forbidden, (await _browser.GetAsync("/orders")).StatusCode);
        using var other = _site.Open();
        Assert.Equal("SignedIn", await other.LogInAsync());
    }

    [Fact]
    public async Task StepUp_RightCode_MakesTheSessionRecent()
    {
        var (phone, _) = await SignInWithMfaAsync();
        _site.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(HttpStatusCode.Forbidden, (await _browser.PostAsync("/payments")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _browser.GetAsync("/orders")).StatusCode);

        await Browser.ReadProblemAsync(await _browser.PostAsync("/mfa/step-up", new { code = SignInTests.WrongCodeFor(phone) }), HttpStatusCode.BadRequest);
        var answer = await Browser.ReadAsync(await _browser.PostAsync("/mfa/step-up", new { code = phone.GetCode() }));

        Assert.Equal("otp", answer.GetProperty("method").GetString());
        Assert.Equal(HttpStatusCode.OK, (await _browser.PostAsync("/payments")).StatusCode);
    }

    [Fact]
    public async Task ChangeOfDevice_NewPhone_ReplacesTheOldOneWhenItIsConfirmed()
    {
        var (old, _) = await SignInWithMfaAsync();
        var replaced = (await Browser.ReadAsync(await _browser.GetAsync("/mfa"))).GetProperty("authenticators")[0].GetProperty("id").GetGuid();

        var offer = await Browser.ReadAsync(await _browser.PostAsync("/mfa/enrollments", new { replaces = replaced, name = "new" }));
        using var phone = VirtualAuthenticator.Scan(offer.GetProperty("uri").GetString()!, _site.Clock);
        await Browser.ReadAsync(await _browser.PostAsync($"/mfa/enrollments/{offer.GetProperty("enrollmentId")}/confirm", new { code = phone.GetCode() }));

        _site.Clock.Advance(TimeSpan.FromSeconds(30));
        using var other = _site.Open();
        await other.LogInAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await other.VerifyAsync(old.GetCode())).StatusCode);
        await Browser.ReadAsync(await other.VerifyAsync(phone.GetCode()));
    }

    [Fact]
    public async Task Authenticators_AddedUpToTheLimitAndRemovedDownToTheLast()
    {
        await SignInWithMfaAsync();
        var first = (await Browser.ReadAsync(await _browser.GetAsync("/mfa"))).GetProperty("authenticators")[0].GetProperty("id").GetGuid();
        await Browser.ReadProblemAsync(await _browser.PostAsync($"/mfa/authenticators/{first}/remove"), HttpStatusCode.Conflict);
        var offer = await Browser.ReadAsync(await _browser.PostAsync("/mfa/enrollments", new { name = "tablet" }));
        using var tablet = VirtualAuthenticator.Scan(offer.GetProperty("uri").GetString()!, _site.Clock);
        await Browser.ReadAsync(await _browser.PostAsync($"/mfa/enrollments/{offer.GetProperty("enrollmentId")}/confirm", new { code = tablet.GetCode() }));

        var limit = await Browser.ReadProblemAsync(await _browser.PostAsync("/mfa/enrollments"), HttpStatusCode.Conflict);
        await Browser.ReadAsync(await _browser.PostAsync($"/mfa/authenticators/{first}/remove"));

        Assert.Equal("urn:callroute:mfa:limit-reached", limit.GetProperty("type").GetString());
        Assert.Equal("tablet", Assert.Single((await Browser.ReadAsync(await _browser.GetAsync("/mfa"))).GetProperty("authenticators").EnumerateArray()).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Regeneration_RecoveryCodeAsProof_ShowsCodesThatWork()
    {
        var (_, recoveryCode) = await _browser.EnrollAsync();

        var regenerated = await Browser.ReadAsync(await _browser.PostAsync("/mfa/recovery-codes", new { code = recoveryCode }));

        var code = regenerated.GetProperty("recoveryCodes").GetProperty("codes")[0].GetString();
        Assert.NotEqual(recoveryCode, code);
        using var other = _site.Open();
        await other.LogInAsync();
        await Browser.ReadAsync(await other.VerifyAsync(code));
    }

    [Fact]
    public async Task Verify_WhateverTheReason_TheRefusalLooksTheSame()
    {
        var (phone, _) = await SignInWithMfaAsync();
        using var other = _site.Open();
        await other.LogInAsync();
        var wrong = await RefusalAsync(await other.VerifyAsync(SignInTests.WrongCodeFor(phone)));
        var malformed = await RefusalAsync(await other.VerifyAsync("no code"));
        await _site.Mfa.EraseAsync(new MfaSubject("ann"), TestContext.Current.CancellationToken);
        var notEnrolled = await RefusalAsync(await other.VerifyAsync("123456"));

        Assert.Equal(wrong, malformed);
        Assert.Equal(wrong, notEnrolled);
    }

    [Fact]
    public async Task Verify_LockedOutOrReplayed_LooksTheSameButForTheWait()
    {
        using var fast = new Site(null, ("Callroute:Mfa:TotpThrottle:SuspendAt", "2"));
        using var owner = fast.Open();
        var (phone, _) = await owner.EnrollAsync();
        using var other = fast.Open();
        await other.LogInAsync();
        var code = phone.GetCode();
        await Browser.ReadAsync(await other.VerifyAsync(code));
        await other.LogInAsync();

        var replayed = await other.VerifyAsync(code);
        var wrong = await other.VerifyAsync(SignInTests.WrongCodeFor(phone));
        await other.VerifyAsync(SignInTests.WrongCodeFor(phone));
        await other.LogInAsync();
        var suspended = await other.VerifyAsync(phone.GetCode());

        Assert.Equal(await RefusalAsync(wrong), await RefusalAsync(suspended));
        Assert.Equal(HttpStatusCode.TooManyRequests, replayed.StatusCode);
        Assert.InRange(int.Parse(replayed.Headers.GetValues("Retry-After").Single(), System.Globalization.CultureInfo.InvariantCulture), 1, 60);
        Assert.Equal((await RefusalAsync(wrong)).Body.Replace("400", "429", StringComparison.Ordinal), (await RefusalAsync(replayed)).Body);
    }

    [Fact]
    public async Task Verify_Throttled_SaysWhenToTryAgain()
    {
        var (phone, _) = await SignInWithMfaAsync();
        using var other = _site.Open();
        await other.LogInAsync();
        HttpResponseMessage last = null!;
        for (var failure = 1; failure <= 6; failure++)
        {
            last = await other.VerifyAsync(SignInTests.WrongCodeFor(phone));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last.StatusCode);
        Assert.Equal("30", last.Headers.GetValues("Retry-After").Single());
        Assert.Equal(HttpStatusCode.TooManyRequests, (await other.VerifyAsync(phone.GetCode())).StatusCode);
        _site.Clock.Advance(TimeSpan.FromSeconds(30));
        await Browser.ReadAsync(await other.VerifyAsync(phone.GetCode()));
    }

    [Fact]
    public async Task Verify_StoreFails_IsUnavailableAndSignsNobodyIn()
    {
        var (phone, _) = await SignInWithMfaAsync();
        using var other = _site.Open();
        await other.LogInAsync();
        _site.Store.Arm(StoreFault.ThrowBefore, atCall: 2);

        var response = await other.VerifyAsync(phone.GetCode());

        await Browser.ReadProblemAsync(response, HttpStatusCode.ServiceUnavailable);
        Assert.True(response.Headers.Contains("Retry-After"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.GetAsync("/me")).StatusCode);
    }

    [Theory]
    [InlineData("cross-site", null, HttpStatusCode.Forbidden)]
    [InlineData("same-site", null, HttpStatusCode.Forbidden)]
    [InlineData("none", null, HttpStatusCode.OK)]
    [InlineData(null, "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData(null, "null", HttpStatusCode.Forbidden)]
    [InlineData(null, "http://localhost", HttpStatusCode.Forbidden)]
    [InlineData(null, "https://localhost", HttpStatusCode.OK)]
    [InlineData(null, null, HttpStatusCode.OK)]
    public async Task Post_FromAnotherSite_IsRefused(string? fetchSite, string? origin, HttpStatusCode expected)
    {
        await _browser.LogInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://localhost/mfa/enrollments") { Content = JsonContent.Create(new { }) };
        request.Headers.Add("Cookie", _browser.Cookies.GetCookieHeader(new Uri("https://localhost")));
        Add(request, "Sec-Fetch-Site", fetchSite);
        Add(request, "Origin", origin);

        using var client = _site.Raw();
        var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(expected, response.StatusCode);

        static void Add(HttpRequestMessage request, string name, string? value)
        {
            if (value is not null)
            {
                request.Headers.Add(name, value);
            }
        }
    }

    [Fact]
    public async Task EveryEndpoint_IsKeptOutOfCaches()
    {
        await SignInWithMfaAsync();

        foreach (var response in new[]
        {
            await _browser.GetAsync("/mfa"),
            await _browser.GetAsync("/mfa/challenge"),
            await _browser.PostAsync("/mfa/enrollments"),
            await _browser.PostAsync("/mfa/recovery-codes"),
            await _browser.PostAsync("/mfa/step-up", new { code = "0" }),
        })
        {
            Assert.True(response.Headers.CacheControl?.NoStore);
        }
    }

    [Theory]
    [InlineData("/mfa/challenge/verify")]
    [InlineData("/mfa/step-up")]
    [InlineData("/mfa/enrollments")]
    public async Task Post_BodyThatIsNoRequest_IsABadRequest(string path)
    {
        await SignInWithMfaAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent("{\"code\": [1", System.Text.Encoding.UTF8, "application/json") };

        Assert.Equal(HttpStatusCode.BadRequest, (await _browser.SendAsync(request)).StatusCode);
    }

    private static async Task<(int Status, string Body)> RefusalAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var members = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(body)!;
        members.Remove("traceId");
        return ((int)response.StatusCode, JsonSerializer.Serialize(members));
    }

    private async Task<(VirtualAuthenticator Phone, string RecoveryCode)> SignInWithMfaAsync()
    {
        var (phone, recoveryCode) = await _browser.EnrollAsync();
        await _browser.LogInAsync();
        await Browser.ReadAsync(await _browser.VerifyAsync(phone.GetCode()));
        _site.Clock.Advance(TimeSpan.FromSeconds(30));
        return (phone, recoveryCode);
    }
}
