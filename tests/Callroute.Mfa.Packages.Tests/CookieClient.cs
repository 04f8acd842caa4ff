using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Callroute.Mfa.Packages.Tests;

/// <summary>A client that keeps its cookies and follows no redirect.</summary>
/// <remarks>The cookies are for HTTPS only. An HTTP client does not send them over HTTP, so this one handles them itself.</remarks>
internal sealed class CookieClient(Uri address) : IDisposable
{
    private readonly HttpClient _client = new(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false })
    {
        BaseAddress = address,
    };

    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);

    /// <summary>The kind of content that it wants; a browser wants <c>text/html</c>.</summary>
    public string Accept { get; init; } = "application/json";

    /// <summary>The bearer token that it sends, if it has one.</summary>
    public string? Token { get; set; }

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<HttpResponseMessage> PostAsync(string path, HttpContent body) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = body });

    public Task<HttpResponseMessage> PostAsync(string path, object body) => PostAsync(path, JsonContent.Create(body));

    /// <summary>Posts, and returns the body of a successful response.</summary>
    public async Task<JsonElement> PostAndReadAsync(string path, object body)
    {
        using var response = await PostAsync(path, body);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }

    /// <summary>Forgets the cookies, like another browser.</summary>
    public void ForgetCookies() => _cookies.Clear();

    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        request.Headers.Add("Accept", Accept);
        request.Headers.Authorization = Token is null ? null : new AuthenticationHeaderValue("Bearer", Token);
        foreach (var cookie in _cookies)
        {
            request.Headers.Add("Cookie", $"{cookie.Key}={cookie.Value}");
        }

        var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        foreach (var cookie in response.Headers.TryGetValues("Set-Cookie", out var values) ? values : [])
        {
            // An empty value deletes the cookie.
            var pair = cookie.Split(';')[0].Split('=', 2);
            _cookies.Remove(pair[0]);
            if (pair[1].Length > 0)
            {
                _cookies.Add(pair[0], pair[1]);
            }
        }

        return response;
    }
}
