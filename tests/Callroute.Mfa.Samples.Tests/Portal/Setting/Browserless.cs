using System.Net;
using Microsoft.Playwright;

namespace Callroute.Mfa.Samples.Tests.Portal.Setting;

/// <summary>A client that sends what a browser never would: cookies of its own choosing, and any header.</summary>
internal sealed class Browserless(Uri portal) : IDisposable
{
    private readonly HttpClient _client = new(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false })
    {
        BaseAddress = portal,
    };

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, IEnumerable<BrowserContextCookiesResult> cookies, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in cookies.Select(cookie => ("Cookie", $"{cookie.Name}={cookie.Value}")).Concat(headers))
        {
            request.Headers.Add(name, value);
        }

        request.Content = method == HttpMethod.Get ? null : new FormUrlEncodedContent([]);
        return await _client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public void Dispose() => _client.Dispose();

    /// <summary>
    /// Whether the answer refuses, or leads to the sign-in, or a form leads to the set-up, which itself leads to the sign-in.
    /// </summary>
    public static bool LeadsToSignIn(HttpResponseMessage answer) =>
        answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
        || answer is
        {
            StatusCode: HttpStatusCode.SeeOther,
            Headers.Location.OriginalString: "/profile/security/set-up" or "/profile/security/sign-in",
        }
        || (answer.StatusCode == HttpStatusCode.Redirect
            && new Uri(answer.RequestMessage!.RequestUri!, answer.Headers.Location!).AbsolutePath == "/signin");
}
