using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Callroute.Mfa.Testing;
using Microsoft.AspNetCore.Mvc.Testing.Handlers;

namespace Callroute.Mfa.AspNetCore.Identity.Tests.Setting;

/// <summary>A browser: it keeps cookies, follows redirects and sends the forms of pages.</summary>
internal sealed partial class Browser : IDisposable
{
    private const string Manage = "/Identity/Account/Manage/";

    private readonly IdentitySite _site;
    private readonly HttpClient _client;

    public Browser(IdentitySite site, HttpMessageHandler server, string address)
    {
        _site = site;
        var handler = new CookieContainerHandler(Cookies) { InnerHandler = server };
        _client = new HttpClient(handler) { BaseAddress = new Uri(address) };
    }

    public CookieContainer Cookies { get; } = new();

    /// <summary>A token of an API client; null for a browser.</summary>
    public string? Bearer { get; set; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Opens a page, and those that it leads to.</summary>
    public Task<Page> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path), isPage: true);

    public static string ManagePage(string name) => Manage + name;

    /// <summary>Opens a page, fills in its form and sends it.</summary>
    public async Task<Page> SubmitAsync(string path, params (string Name, string Value)[] fields) =>
        await SubmitAsync(await GetAsync(path), fields);

    /// <summary>Sends the form of a page to another address.</summary>
    public async Task<Page> SubmitAsync(string path, string action) =>
        await SubmitAsync(await GetAsync(path) with { Address = new Uri(_client.BaseAddress!, action) });

    public Task<Page> SubmitAsync(Page page, params (string Name, string Value)[] fields)
    {
        var form = fields.ToDictionary(field => field.Name, field => field.Value);
        form["__RequestVerificationToken"] = AntiforgeryToken().Match(page.Text).Groups[1].Value;
        return SendAsync(
            new HttpRequestMessage(HttpMethod.Post, page.Address.PathAndQuery) { Content = new FormUrlEncodedContent(form) }, isPage: true);
    }

    public Task<Page> PostAsync(string path, object body) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) }, isPage: false);

    public async Task<JsonElement> PostJsonAsync(string path, object body)
    {
        var page = await PostAsync(path, body);
        Assert.True(page.Status == HttpStatusCode.OK, $"{page.Status} {page.Text}");
        return page.Json;
    }

    public Task<Page> GetApiAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path), isPage: false);

    public Task<Page> RegisterAsync(string name = IdentitySite.Ann) => SubmitAsync(
        "/Identity/Account/Register",
        ("Input.Email", name), ("Input.Password", IdentitySite.Password), ("Input.ConfirmPassword", IdentitySite.Password));

    public Task<Page> LogInAsync(string? returnUrl = null, string name = IdentitySite.Ann) => SubmitAsync(
        $"/Identity/Account/Login?returnUrl={Uri.EscapeDataString(returnUrl ?? "/")}",
        ("Input.Email", name), ("Input.Password", IdentitySite.Password), ("Input.RememberMe", "false"));

    public Task<Page> SendCodeAsync(Page page, string code, bool remember = false) =>
        SubmitAsync(page, ("Input.TwoFactorCode", code), ("Input.RememberMachine", remember ? "true" : "false"));

    public Task<Page> LogOutAsync() => SubmitAsync("/Identity/Account/Logout?returnUrl=/");

    /// <summary>Scans the key of the page, confirms it and reads the recovery codes.</summary>
    public async Task<(VirtualAuthenticator Phone, string[] Codes)> EnrollAsync()
    {
        var page = await GetAsync(ManagePage("EnableAuthenticator"));
        var phone = VirtualAuthenticator.FromManualKey(page.Key, _site.Clock);
        var shown = await SubmitAsync(page, ("Input.Code", phone.GetCode()));
        Assert.EndsWith("ShowRecoveryCodes", shown.Address.AbsolutePath, StringComparison.Ordinal);
        _site.Clock.Advance(TimeSpan.FromSeconds(30));
        return (phone, shown.RecoveryCodes);
    }

    /// <summary>Registers, enrols and signs in without this package. Plain Identity reads the clock of the machine.</summary>
    public async Task<VirtualAuthenticator> EnrollWithPlainAsync(bool remember = false)
    {
        _site.Clock.Advance(TimeProvider.System.GetUtcNow() - _site.Clock.GetUtcNow());
        await RegisterAsync();
        var (phone, _) = await EnrollAsync();
        await LogOutAsync();
        await SendCodeAsync(await LogInAsync(), phone.GetCode(), remember);
        return phone;
    }

    /// <summary>The claims of the session, in order, such as "amr: pwd".</summary>
    public async Task<string[]> ClaimsAsync(string type) =>
    [
        .. (await GetApiAsync("/me")).Json.EnumerateArray().Select(claim => claim.GetString()!)
            .Where(claim => claim.StartsWith(type + ":", StringComparison.Ordinal)).Select(claim => claim[(type.Length + 2)..])
            .Order(StringComparer.Ordinal),
    ];

    public Cookie? CookieNamed(string name) => Cookies.GetCookies(_client.BaseAddress!)[name];

    /// <summary>Takes over a cookie of another browser.</summary>
    public void Keep(Cookie cookie) => Cookies.Add(new Cookie(cookie.Name, cookie.Value, "/", "localhost") { Secure = true });

    public void DropCookie(string name) => CookieNamed(name)!.Expired = true;

    /// <summary>A browser with the same cookies: of a thief, or of a user whose response was lost.</summary>
    public Browser Copy(IdentitySite? site = null)
    {
        var copy = (site ?? _site).Open();
        foreach (var cookie in Cookies.GetAllCookies().Cast<Cookie>())
        {
            copy.Keep(cookie);
        }

        return copy;
    }

    public void Dispose() => _client.Dispose();

    private async Task<Page> SendAsync(HttpRequestMessage request, bool isPage)
    {
        for (var hops = 0; hops < 10; hops++)
        {
            request.Headers.Accept.ParseAdd(isPage ? "text/html" : "application/json");
            request.Headers.Authorization = Bearer is null ? null : new("Bearer", Bearer);
            using var response = await _client.SendAsync(request, Token);
            if (!isPage || response.Headers.Location is not { } location)
            {
                var text = await response.Content.ReadAsStringAsync(Token);
                return new Page(new Uri(_client.BaseAddress!, request.RequestUri!), response, text);
            }

            request = new HttpRequestMessage(HttpMethod.Get, new Uri(_client.BaseAddress!, location));
        }

        throw new InvalidOperationException("Too many redirects.");
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"([^\"]+)\"")]
    private static partial Regex AntiforgeryToken();
}

/// <summary>A page as the browser shows it.</summary>
internal sealed partial record Page(Uri Address, HttpResponseMessage Response, string Text)
{
    public HttpStatusCode Status => Response.StatusCode;

    public string Path => Address.AbsolutePath;

    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Text);

    /// <summary>The key on the page of the authenticator.</summary>
    public string Key => KeyText.Replace(" ", string.Empty, StringComparison.Ordinal);

    /// <summary>The key as a browser shows it: blanks in a row are one.</summary>
    public string KeyText => string.Join(
        ' ', WebUtility.HtmlDecode(KeyOnPage().Match(Text).Groups[1].Value).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    public string[] RecoveryCodes => [.. CodesOnPage().Matches(Text).Select(match => match.Groups[1].Value)];

    public TimeSpan? RetryAfter => Response.Headers.RetryAfter?.Delta;

    [GeneratedRegex("<kbd>([^<]+)</kbd>")]
    private static partial Regex KeyOnPage();

    [GeneratedRegex("<code class=\"recovery-code\">([^<]+)</code>")]
    private static partial Regex CodesOnPage();
}
