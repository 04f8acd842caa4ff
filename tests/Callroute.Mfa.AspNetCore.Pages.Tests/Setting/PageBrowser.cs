using System.Net;
using System.Text.RegularExpressions;
using Callroute.Mfa.Testing;
using Microsoft.AspNetCore.Mvc.Testing.Handlers;

namespace Callroute.Mfa.AspNetCore.Pages.Tests.Setting;

/// <summary>One browser. It checks the rules of every page and every form on its way.</summary>
internal sealed partial class PageBrowser : IDisposable
{
    private static readonly Uri Address = new("https://localhost");

    private readonly PageHost _host;
    private readonly HttpClient _client;

    public PageBrowser(PageHost host, HttpMessageHandler server)
    {
        _host = host;
        _client = new HttpClient(new CookieContainerHandler(Cookies) { InnerHandler = server }) { BaseAddress = Address };
    }

    public CookieContainer Cookies { get; } = new();

    /// <summary>How the Content-Security-Policy of every page begins.</summary>
    public string Policy { get; set; } =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'";

    public string Language
    {
        set => _client.DefaultRequestHeaders.Add("Accept-Language", value);
    }

    public string Authorization
    {
        set => _client.DefaultRequestHeaders.Add("Authorization", value);
    }

    public string Origin
    {
        set => _client.DefaultRequestHeaders.Add("Origin", value);
    }

    /// <summary>Every cookie that it ever got, as text.</summary>
    public string CookiesSeen { get; private set; } = string.Empty;

    // Attributes of elements, and elements, that a strict policy forbids.
    [GeneratedRegex("<style|<script(?![^>]* src=)|<[^>]* (style|on[a-z]+)=|javascript:", RegexOptions.IgnoreCase)]
    private static partial Regex Inline { get; }

    public void Dispose() => _client.Dispose();

    /// <summary>Takes the cookies that another browser has now.</summary>
    public void TakeCookiesOf(PageBrowser other)
    {
        foreach (Cookie cookie in other.Cookies.GetAllCookies())
        {
            Cookies.Add(new Cookie(cookie.Name, cookie.Value, "/", "localhost") { Secure = true });
        }
    }

    /// <summary>Opens a page of this package.</summary>
    public Task<HtmlPage> OpenAsync(string page = "") => FollowAsync(PageHost.Prefix + page);

    /// <summary>Fills the form of a page, and follows where it leads.</summary>
    public async Task<HtmlPage> SubmitAsync(HtmlPage page, string end = "", params (string Name, string Value)[] fields)
    {
        var (action, hidden) = page.FindForm(end);
        foreach (var (name, value) in fields)
        {
            hidden[name] = value;
        }

        using var response = await PostAsync(action, hidden);
        var location = response.Headers.Location?.OriginalString ?? string.Empty;
        if (action.StartsWith(PageHost.Prefix, StringComparison.Ordinal))
        {
            Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
            Assert.Matches("^/[!-~]*$", location);
            Assert.DoesNotMatch($"^{PageHost.Prefix}.*[?](?!returnUrl=)", location);
        }

        return await FollowAsync(location);
    }

    public async Task<HttpResponseMessage> PostAsync(
        string path, Dictionary<string, string> fields, (string Name, string Value)? origin = null)
    {
        using var content = new FormUrlEncodedContent(fields);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        var (name, value) = origin ?? ("Sec-Fetch-Site", "same-origin");
        request.Headers.Add(name, value);
        return Remember(await _client.SendAsync(request, TestContext.Current.CancellationToken));
    }

    public async Task<HtmlPage> LogInAsync(string name = "ann", string path = PageHost.Prefix) =>
        await SubmitAsync(await FollowAsync($"/login?returnUrl={Uri.EscapeDataString(path)}"), fields: ("name", name));

    /// <summary>Scans the code of a page, and enters the first code.</summary>
    public async Task<(VirtualAuthenticator Phone, HtmlPage Next)> VerifyAsync(HtmlPage setUp)
    {
        var phone = VirtualAuthenticator.Scan(setUp.ProvisioningUri, _host.Clock);
        var next = await SubmitAsync(setUp, "/verify", ("code", phone.GetCode()));
        _host.Clock.Advance(TimeSpan.FromSeconds(30));
        return (phone, next);
    }

    /// <summary>Signs in, sets up a phone, and saves the recovery code.</summary>
    public async Task<(VirtualAuthenticator Phone, string RecoveryCode)> EnrollAsync(string name = "ann")
    {
        var (phone, codes) = await VerifyAsync(await SubmitAsync(await LogInAsync(name), "/set-up"));
        await SubmitAsync(codes);
        return (phone, Assert.Single(codes.Secrets));
    }

    /// <summary>Signs in with a code of the phone, in the first step of time that has a new one.</summary>
    public async Task<HtmlPage> SignInAsync(VirtualAuthenticator phone, params (string Name, string Value)[] fields)
    {
        _host.Clock.Advance(TimeSpan.FromSeconds(30));
        return await SubmitAsync(await LogInAsync(), "/sign-in", [("code", phone.GetCode()), .. fields]);
    }

    /// <summary>Opens an address, and follows where it leads.</summary>
    public async Task<HtmlPage> FollowAsync(string path)
    {
        for (var redirects = 0; redirects < 5; redirects++)
        {
            var response = Remember(await _client.GetAsync(path, TestContext.Current.CancellationToken));
            if (response.Headers.Location is null)
            {
                return Check(new HtmlPage(response, path, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
            }

            path = new Uri(Address, response.Headers.Location).PathAndQuery;
        }

        throw new InvalidOperationException($"{path} leads in a circle.");
    }

    private HttpResponseMessage Remember(HttpResponseMessage response)
    {
        string[] cookies = [.. response.Headers.TryGetValues("Set-Cookie", out var values) ? values : []];
        Assert.All(cookies, cookie => Assert.InRange(cookie.Length, 1, 4096));
        CookiesSeen += string.Concat(cookies);
        return response;
    }

    private HtmlPage Check(HtmlPage page)
    {
        if (page.Path.StartsWith(PageHost.Prefix, StringComparison.Ordinal) && !page.Path.Contains("/assets/", StringComparison.Ordinal))
        {
            Assert.True((int)page.Status < 500, page.Html);
            Assert.Equal("no-store", $"{page.Response.Headers.CacheControl}");
            Assert.Equal("DENY", page.Response.Headers.GetValues("X-Frame-Options").Single());
            Assert.StartsWith(Policy, page.Response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.DoesNotMatch(Inline, page.Html);
        }

        return page;
    }
}
