using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Callroute.Mfa.Testing;
using Microsoft.AspNetCore.Mvc.Testing.Handlers;
using Microsoft.AspNetCore.TestHost;

namespace Callroute.Mfa.AspNetCore.Tests;

/// <summary>One browser: it keeps cookies and says where its requests come from.</summary>
internal sealed class Browser : IDisposable
{
    public const string ChallengeCookie = "__Host-callroute-mfa";

    private readonly Site _site;
    private readonly HttpClient _client;

    public Browser(Site site, TestServer server)
    {
        _site = site;
        _client = new HttpClient(new CookieContainerHandler(Cookies) { InnerHandler = server.CreateHandler() }) { BaseAddress = new Uri("https://localhost") };
        _client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
    }

    public CookieContainer Cookies { get; } = new();

    public string? CookieNamed(string name) => Cookies.GetCookies(new Uri("https://localhost"))[name]?.Value;

    public Task<HttpResponseMessage> GetAsync(string path) => _client.GetAsync(path, TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> PostAsync(string path, object? body = null) => _client.PostAsJsonAsync(path, body ?? new { }, TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _client.SendAsync(request, TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> VerifyAsync(string? code) => PostAsync("/mfa/challenge/verify", new { code });

    public async Task<string> LogInAsync(string name = "ann", string password = "correct horse") =>
        (await ReadAsync(await PostAsync("/login", new { name, password }))).GetProperty("next").GetString()!;

    /// <summary>Signs ann in and binds a phone.</summary>
    public async Task<(VirtualAuthenticator Phone, string RecoveryCode)> EnrollAsync()
    {
        await LogInAsync();
        var offer = await ReadAsync(await PostAsync("/mfa/enrollments", new { name = "phone" }));
        var phone = VirtualAuthenticator.Scan(offer.GetProperty("uri").GetString()!, _site.Clock);
        var confirmed = await ReadAsync(await PostAsync($"/mfa/enrollments/{offer.GetProperty("enrollmentId")}/confirm", new { code = phone.GetCode() }));
        _site.Clock.Advance(TimeSpan.FromSeconds(30));
        return (phone, confirmed.GetProperty("recoveryCodes").GetProperty("codes")[0].GetString()!);
    }

    /// <summary>Reads the body of an answer that is a success.</summary>
    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>Reads the body of a refusal.</summary>
    public static async Task<JsonElement> ReadProblemAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == expected, $"{(int)response.StatusCode} {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    public void Dispose() => _client.Dispose();
}
