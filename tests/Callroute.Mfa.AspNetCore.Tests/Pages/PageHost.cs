using System.Net;
using System.Text.RegularExpressions;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.AspNetCore.Pages;
using Callroute.Mfa.Testing;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Testing.Handlers;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Callroute.Mfa.AspNetCore.Tests.Pages;

/// <summary>An application with the pages, and a browser without script that uses it.</summary>
internal sealed partial class PageHost : IAsyncDisposable
{
    public const string Prefix = "/account/security";

    private readonly IAsyncDisposable _app;
    private readonly TestServer _server;
    private readonly HttpClient _client;

    public PageHost(IAsyncDisposable app, TestServer server)
    {
        (_app, _server) = (app, server);
        _client = new(new CookieContainerHandler(Cookies) { InnerHandler = server.CreateHandler() })
        {
            BaseAddress = new Uri("https://localhost"),
        };
    }

    public CookieContainer Cookies { get; } = new();

    public Clock Clock => (Clock)_server.Services.GetRequiredService<TimeProvider>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [GeneratedRegex("id=\"key\"[^>]*>([^<]+)<")]
    private static partial Regex Key { get; }

    [GeneratedRegex("<code class=\"mfa-secret\"[^>]*>([^<]+)<")]
    public static partial Regex Code { get; }

    [GeneratedRegex("name=\"(enrollment|set|attempt)\" value=\"([^\"]+)\"")]
    private static partial Regex Hidden { get; }

    public static async Task<PageHost> StartAsync(
        Action<IServiceCollection>? add = null, Action<WebApplication>? map = null, Action<MfaPagesOptions>? configure = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(new Clock()).AddSingleton<TableUsers>()
            .AddSingleton<IMfaUsers>(services => services.GetRequiredService<TableUsers>());
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(options => options.LoginPath = "/login");
        builder.Services.AddAuthorization();
        builder.Services.AddCallrouteMfa(options => options.Issuer = "Callroute").UseDataProtection().UseInMemory()
            .UseHasher(_ => new Argon2RecoveryCodeHasher(memoryKib: 8, iterations: 1));
        builder.Services.AddMfaPages(configure);
        add?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseRequestLocalization("en", "de", "fr", "es", "he", "it");
        map?.Invoke(app);
        app.MapMfaPages(Prefix);
        app.MapPost("/login", async (HttpContext context, MfaSignIn signIn) =>
            $"{await signIn.BeginAsync(context, new MfaSubject(context.Request.Form["user"]!))}").DisableAntiforgery();
        app.MapPost("/logout", (HttpContext context, MfaSignIn signIn) => signIn.SignOutAsync(context));
        app.MapGet("/", () => "home");
        await app.StartAsync(Token);
        return new PageHost(app, app.GetTestServer());
    }

    /// <summary>The same application in another browser.</summary>
    public PageHost InAnotherBrowser() => new(_app, _server);

    public Task<HttpResponseMessage> GetAsync(string page = "", string? language = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, PathOf(page));
        request.Headers.Add("Accept-Language", language ?? "en");
        return _client.SendAsync(request, Token);
    }

    public async Task<string> ReadAsync(string page = "", string? language = null) =>
        WebUtility.HtmlDecode(await (await GetAsync(page, language)).Content.ReadAsStringAsync(Token));

    public Task<HttpResponseMessage> SendAsync(string page, params (string Name, string Value)[] fields) =>
        _client.PostAsync(PathOf(page), new FormUrlEncodedContent(fields.ToDictionary(field => field.Name, field => field.Value)), Token);

    /// <summary>Sends a form, which must answer 303 without a word in the address, and reads the page that it leads to.</summary>
    public async Task<string> PostAsync(string page, params (string Name, string Value)[] fields)
    {
        var answer = await SendAsync(page, fields);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        var next = answer.Headers.Location!.ToString();
        Assert.DoesNotContain('?', next);
        return await ReadAsync(next);
    }

    public Task LogInAsync(string user = "ann") => SendAsync("/login", ("user", user), ("name", user), ("password", "correct horse"));

    /// <summary>Sets up an authenticator.</summary>
    /// <returns>The phone, and the page after it, which shows the recovery code.</returns>
    public async Task<(VirtualAuthenticator Phone, string Page)> EnrollAsync()
    {
        await LogInAsync();
        var offer = await PostAsync("/set-up");
        var phone = VirtualAuthenticator.FromManualKey(Key.Match(offer).Groups[1].Value, Clock);
        var page = await PostAsync("/set-up/verify", HiddenOf(offer), ("code", phone.GetCode()));
        Clock.Advance(TimeSpan.FromSeconds(30));
        return (phone, page);
    }

    public static (string Name, string Value) HiddenOf(string page) =>
        Hidden.Match(page) is { Success: true } match ? (match.Groups[1].Value, match.Groups[2].Value) : default;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    private static string PathOf(string page) =>
        page == "/" || page.StartsWith(Prefix, StringComparison.Ordinal) || page is "/login" or "/logout" ? page : Prefix + page;

    /// <summary>Users who exist as soon as somebody asks for them.</summary>
    private sealed class TableUsers : IMfaUsers
    {
        private readonly HashSet<string> _enrolled = [];

        public ValueTask<MfaUser?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
            new(new MfaUser
            {
                AccountName = subject.UserId,
                Policy = MfaPolicy.Optional,
                IsEnrolled = _enrolled.Contains(subject.UserId),
            });

        public ValueTask SetEnrolledAsync(MfaSubject subject, bool isEnrolled, CancellationToken cancellationToken = default)
        {
            _ = isEnrolled ? _enrolled.Add(subject.UserId) : _enrolled.Remove(subject.UserId);
            return ValueTask.CompletedTask;
        }
    }
}
