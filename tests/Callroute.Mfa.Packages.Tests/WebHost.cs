using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Callroute.Mfa.Packages.Tests;

/// <summary>A program that listens on a free port of the loopback address, and a client that keeps its cookies.</summary>
/// <remarks>The cookies are for HTTPS only. An HTTP client does not send them over HTTP, so this one handles them itself.</remarks>
internal sealed class WebHost : IDisposable
{
    private readonly Process _process;
    private readonly HttpClient _client = new(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false });
    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);

    private WebHost(Process process) => _process = process;

    /// <summary>Starts the program and waits until it listens.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="folder">Where it runs and finds its home.</param>
    public static async Task<WebHost> StartAsync(string program, string folder)
    {
        var start = new ProcessStartInfo(program, ["--urls", "http://127.0.0.1:0", "--contentRoot", Path.GetDirectoryName(program)!])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
        };
        start.Environment["HOME"] = folder;
        var host = new WebHost(Process.Start(start)!);
        try
        {
            host._client.BaseAddress = await host.ReadAddressAsync();
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<HttpResponseMessage> PostAsync(string path, object body) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) });

    /// <summary>Posts, and returns the body of a successful response.</summary>
    public async Task<JsonElement> PostAndReadAsync(string path, object body)
    {
        using var response = await PostAsync(path, body);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {text}");
        return JsonElement.Parse(text);
    }

    /// <summary>Forgets the cookies, like another browser.</summary>
    public void ForgetCookies() => _cookies.Clear();

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _client.Dispose();
    }

    private async Task<Uri> ReadAddressAsync()
    {
        var output = string.Empty;
        while (await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            output += line + '\n';
            if (line.Split("Now listening on: ") is [_, var address])
            {
                _ = _process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return new Uri(address);
            }
        }

        throw new InvalidOperationException($"The program does not listen: {output}");
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        foreach (var cookie in _cookies)
        {
            request.Headers.Add("Cookie", $"{cookie.Key}={cookie.Value}");
        }

        var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        foreach (var cookie in response.Headers.TryGetValues("Set-Cookie", out var values) ? values : [])
        {
            var pair = cookie.Split(';')[0].Split('=', 2);
            _cookies[pair[0]] = pair[1];
        }

        return response;
    }
}
