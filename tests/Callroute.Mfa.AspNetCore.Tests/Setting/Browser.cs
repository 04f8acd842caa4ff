using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Callroute.Mfa.Testing;
using Microsoft.AspNetCore.Mvc.Testing.Handlers;

namespace Callroute.Mfa.AspNetCore.Tests.Setting;

/// <summary>One browser: it keeps cookies and sends the origin of its requests.</summary>
internal sealed class Browser(ApiSite site) : IDisposable
{
    public const string ChallengeCookie = "__Host-callroute-mfa";
    public const string DevicePrefix = ChallengeCookie + "-device-";
    public const string SessionCookie = ".AspNetCore.Cookies";

    private static readonly Uri Address = new("https://localhost");

    private HttpClient? _client;

    public CookieContainer Cookies { get; } = new();

    /// <summary>The token of a client that uses one; null for none.</summary>
    public string? Bearer
    {
        set => Client.DefaultRequestHeaders.Authorization = value is null ? null : new("Bearer", value);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Opened at the first request, so that a test can still change the site.
    private HttpClient Client => _client ??= Connect();

    public string? CookieNamed(string name) => Cookies.GetCookies(Address)[name]?.Value;

    /// <summary>The cookies of known devices, with their values.</summary>
    public Cookie[] DeviceCookies() =>
        [.. Cookies.GetAllCookies().Where(cookie => cookie.Name.StartsWith(DevicePrefix, StringComparison.Ordinal))];

    public void Keep(string cookie, string value) => Cookies.Add(new Cookie(cookie, value, "/", "localhost") { Secure = true });

    /// <summary>Takes over the cookies of another browser, as a thief or a page whose response was lost.</summary>
    public void Keep(CookieContainer others)
    {
        foreach (var cookie in others.GetAllCookies().Cast<Cookie>())
        {
            Keep(cookie.Name, cookie.Value);
        }
    }

    public Task<HttpResponseMessage> GetAsync(string path) => Client.GetAsync(path, Token);

    public Task<HttpResponseMessage> PostAsync(string path, object? body = null) =>
        SendAsync(path, JsonSerializer.Serialize(body ?? new { }));

    public Task<HttpResponseMessage> SendAsync(string path, string json) =>
        Client.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), Token);

    /// <summary>Sends the cookies and, of all headers, only the test's. "|" separates the values of one that is sent twice.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string? Value)[] headers)
    {
        using var client = new HttpClient(site.Server.CreateHandler()) { BaseAddress = Address };
        using var request = new HttpRequestMessage(method, path);
        request.Content = method == HttpMethod.Post ? JsonContent.Create(new { }) : null;
        foreach (var (name, value) in headers.Append(("Cookie", Cookies.GetCookieHeader(Address))))
        {
            request.Headers.Add(name, value is { Length: > 0 } ? value.Split('|') : []);
        }

        return await client.SendAsync(request, Token);
    }

    public async Task<HttpStatusCode> GetStatusAsync(string path) => (await GetAsync(path)).StatusCode;

    public async Task<HttpStatusCode> PostStatusAsync(string path, object? body = null) => (await PostAsync(path, body)).StatusCode;

    public Task<HttpResponseMessage> VerifyAsync(string? code) => PostAsync("/mfa/challenge/verify", new { code });

    public async Task<JsonElement> ReadAsync(string path) => await ReadAsync(await GetAsync(path));

    /// <summary>Posts a request that must succeed.</summary>
    public async Task<JsonElement> SubmitAsync(string path, object? body = null) => await ReadAsync(await PostAsync(path, body));

    /// <summary>Posts a request that must be refused.</summary>
    /// <returns>The type of the problem.</returns>
    public async Task<string?> FailAsync(HttpStatusCode expected, string path, object? body = null) =>
        (await ReadProblemAsync(await PostAsync(path, body), expected)).GetProperty("type").GetString();

    public async Task<string> LogInAsync(string name = "ann", string password = "correct horse") =>
        (await SubmitAsync("/login", new { name, password })).GetProperty("next").GetString()!;

    /// <summary>Passes the first factor as a client without cookies.</summary>
    /// <returns>The token for the MFA step.</returns>
    public async Task<string> AskForTokenAsync(string name = "ann", string password = "correct horse")
    {
        Bearer = null;
        var problem = await ReadProblemAsync(await PostAsync("/token", new { name, password }), HttpStatusCode.Forbidden);
        return problem.GetProperty("mfaToken").GetString()!;
    }

    public Task<string> LogInAsBobAsync() => LogInAsync("bob", "battery staple");

    /// <summary>Signs ann in and binds a phone.</summary>
    public async Task<(VirtualAuthenticator Phone, string RecoveryCode)> EnrollAsync()
    {
        await LogInAsync();
        var (phone, confirmed) = await BindAsync(new { name = "phone" });
        site.Clock.Advance(TimeSpan.FromSeconds(30));
        return (phone, confirmed.GetProperty("recoveryCodes").GetProperty("codes")[0].GetString()!);
    }

    /// <summary>Enrols as <see cref="EnrollAsync"/> does, and signs in again with a code.</summary>
    public async Task<(VirtualAuthenticator Phone, string RecoveryCode)> SignInWithMfaAsync()
    {
        var enrolled = await EnrollAsync();
        await LogInAsync();
        await ReadAsync(await VerifyAsync(enrolled.Phone.GetCode()));
        site.Clock.Advance(TimeSpan.FromSeconds(30));
        return enrolled;
    }

    /// <summary>Begins an enrolment and confirms it with the phone's first code.</summary>
    public async Task<(VirtualAuthenticator Phone, JsonElement Confirmed)> BindAsync(object? body = null)
    {
        var (phone, path) = await ScanAsync(body);
        return (phone, await SubmitAsync($"{path}/confirm", new { code = phone.GetCode() }));
    }

    /// <summary>Begins an enrolment.</summary>
    /// <returns>A phone that has scanned the code, and the path of the enrolment.</returns>
    public async Task<(VirtualAuthenticator Phone, string Path)> ScanAsync(object? body = null)
    {
        var offer = await SubmitAsync("/mfa/enrollments", body);
        var phone = VirtualAuthenticator.Scan(offer.GetProperty("uri").GetString()!, site.Clock);
        return (phone, $"/mfa/enrollments/{offer.GetProperty("enrollmentId")}");
    }

    public async Task<JsonElement[]> AuthenticatorsAsync() =>
        [.. (await ReadAsync("/mfa")).GetProperty("authenticators").EnumerateArray()];

    public async Task<Guid> AuthenticatorIdAsync() => (await AuthenticatorsAsync())[0].GetProperty("id").GetGuid();

    /// <summary>The claims of the session, in order, such as "amr: pwd".</summary>
    public async Task<string[]> ClaimsAsync(string type = "") =>
    [
        .. (await ReadAsync("/me")).EnumerateArray().Select(claim => claim.GetString()!)
            .Where(claim => claim.StartsWith(type, StringComparison.Ordinal)).Order(StringComparer.Ordinal),
    ];

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    public static async Task<JsonElement> ReadProblemAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.StatusCode == expected, $"{(int)response.StatusCode} {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    public static string WrongCodeFor(VirtualAuthenticator phone) => phone.GetCode() == "000000" ? "000001" : "000000";

    public void Dispose() => _client?.Dispose();

    private HttpClient Connect()
    {
        var handler = new CookieContainerHandler(Cookies) { InnerHandler = site.Server.CreateHandler() };
        var client = new HttpClient(handler) { BaseAddress = Address };
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        return client;
    }
}
