using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Callroute.Mfa.Argon2;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore.Tests.Issues;

/// <summary>Requests that no page of ours makes.</summary>
public sealed class EndpointReviewTests
{
    [Theory]
    [InlineData("Origin", "https://localhost", "https://evil.example")]
    [InlineData("Sec-Fetch-Site", "same-origin", "cross-site")]
    public async Task Post_HeaderSentTwice_IsRefused(string header, string first, string second)
    {
        using var site = new Site();
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://localhost/mfa/challenge/cancel");
        request.Headers.Add(header, [first, second]);
        using var client = site.Raw();

        var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"code\":918273}")]
    [InlineData("{\"code\":{\"a\":\"918273\"}}")]
    [InlineData("{\"code\":\"918273\",\"code\":918273}")]
    [InlineData("{\"code\":\"918273")]
    public async Task Post_BodyThatIsNoRequest_TellsNobodyWhatWasInIt(string body)
    {
        using var site = new Site(null, ("environment", "Production"));
        using var browser = site.Open();
        await browser.LogInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mfa/step-up") { Content = new StringContent(body, Encoding.UTF8, "application/json") };

        var response = await browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.DoesNotContain("918273", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.DoesNotContain(site.Log.Lines, line => line.Contains("918273", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Post_BodyOfAMegabyte_IsTooLarge()
    {
        await using var app = await StartOnKestrelAsync("/mfa");
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        var response = await client.PostAsJsonAsync("/mfa/challenge/verify", new { code = new string('1', 1 << 20) }, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Account_TokensAreTheDefaultScheme_TakesTheSignInSchemeOnly()
    {
        using var site = new Site(
            services => services.AddAuthentication("Token").AddScheme<AuthenticationSchemeOptions, TokenHandler>("Token", null),
            ("Callroute:Mfa:SignInScheme", CookieAuthenticationDefaults.AuthenticationScheme));
        using var browser = site.Open();
        await browser.LogInAsync();
        using var byToken = new HttpRequestMessage(HttpMethod.Get, "https://localhost/mfa");
        byToken.Headers.Add("Token", "eve");
        using var client = site.Raw();

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/mfa")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.SendAsync(byToken, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"name\":\"ann\"}")]
    [InlineData("{\"name\":\"nobody\",\"password\":\"correct horse\"}")]
    public async Task Login_WithoutNameOrPassword_IsRefused(string body)
    {
        using var site = new Site(null, ("environment", "Production"));
        using var browser = site.Open();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/login") { Content = new StringContent(body, Encoding.UTF8, "application/json") };

        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.SendAsync(request)).StatusCode);
    }

    // What a filter of the application writes that logs arguments and results.
    [Fact]
    public void Bodies_AsText_TellNoCodeAndNoKey()
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
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/challenge", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Map_Twice_FailsTheStart()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => StartOnKestrelAsync("/mfa", "/account/mfa"));

        Assert.StartsWith("MapMfaEndpoints was called twice", exception.Message, StringComparison.Ordinal);
    }

    private static async Task<WebApplication> StartOnKestrelAsync(params string[] prefixes)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IMfaUsers, NoUsers>();
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        builder.Services.AddCallrouteMfa(settings => settings.Issuer = "Test").UseDataProtection().UseArgon2().UseInMemory();
        var app = builder.Build();
        Array.ForEach(prefixes, prefix => app.MapMfaEndpoints(prefix));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private sealed class NoUsers : IMfaUsers
    {
        public ValueTask<MfaUser?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) => new((MfaUser?)null);

        public ValueTask SetMfaRequiredAsync(MfaSubject subject, bool isRequired, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }

    private sealed class TokenHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Request.Headers["Token"] is [{ } user]
            ? AuthenticateResult.Success(new(new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, user), new("amr", "mfa")], "Token")), "Token"))
            : AuthenticateResult.NoResult());
    }
}
