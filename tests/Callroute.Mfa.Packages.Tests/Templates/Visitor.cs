using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Packages.Tests.Templates;

/// <summary>A user of Identity's pages, who opens links and sends forms as a browser does, with a phone.</summary>
internal sealed class Visitor(TemplateSite site, string name) : IDisposable
{
    public const string Password = "Four-w0rds-in-a-row";

    private const int MostRedirects = 10;

    private readonly CookieClient _client = new(site.Address);

    public string Email { get; } = $"{name}@example.com";

    /// <summary>The authenticator app, after the set-up.</summary>
    public VirtualAuthenticator? Phone { get; set; }

    /// <summary>The code that the phone shows after the last one.</summary>
    public async Task<string> NextCodeAsync()
    {
        await site.AdvanceAsync(TimeSpan.FromSeconds(30));
        return Phone!.GetCodeAt(site.CodeTime);
    }

    /// <summary>Opens one of Identity's pages, such as <c>Manage/Disable2fa</c>.</summary>
    public Task<Page> OpenAsync(string page) => FollowAsync($"{site.Pages}/{page}");

    public async Task<Page> FollowAsync(string address) => await ArriveAsync(await _client.GetAsync(address));

    /// <summary>Sends the form of a page that has the first of these fields, or this text, if there is no field.</summary>
    public async Task<Page> SubmitAsync(Page page, string text, params (string Name, string Value)[] fields)
    {
        var (action, content) = page.FindForm(text);
        foreach (var (field, value) in fields)
        {
            content[field] = value;
        }

        return await ArriveAsync(await _client.PostAsync(action, new FormUrlEncodedContent(content)));
    }

    public async Task RegisterAsync()
    {
        var page = await SubmitAsync(
            await OpenAsync("Register"), "Input.Email",
            ("Input.Email", Email), ("Input.Password", Password), ("Input.ConfirmPassword", Password));
        var confirmed = await FollowAsync(Assert.Single(page.Find("<a [^>]*href=\"([^\"]*ConfirmEmail[^\"]*)\"")));
        Assert.Contains("Thank you for confirming your email", confirmed.Html, StringComparison.Ordinal);
    }

    /// <summary>Enters the password in a browser that has no session.</summary>
    public async Task<Page> EnterPasswordAsync()
    {
        _client.ForgetCookies();
        return await SubmitAsync(
            await OpenAsync("Login"), "Input.Password", ("Input.Email", Email), ("Input.Password", Password));
    }

    public async Task<Page> EnterCodeAsync(Page page, string code) =>
        await SubmitAsync(page, "Input.TwoFactorCode", ("Input.TwoFactorCode", code));

    public async Task<Page> SignInAsync(string code) => await EnterCodeAsync(await EnterPasswordAsync(), code);

    /// <summary>Enters the password, and a recovery code in place of the phone's.</summary>
    public async Task<Page> RecoverAsync(string code)
    {
        await EnterPasswordAsync();
        return await SubmitAsync(await OpenAsync("LoginWithRecoveryCode"), "Input.RecoveryCode", ("Input.RecoveryCode", code));
    }

    /// <summary>Sets up the phone, and returns the recovery codes that the page shows.</summary>
    public async Task<string[]> EnrollAsync()
    {
        var page = await OpenAsync("Manage/EnableAuthenticator");
        Phone = VirtualAuthenticator.Scan(Assert.Single(page.Find("data-url=\"([^\"]*)\"")), TimeProvider.System);
        return ReadRecoveryCodes(await SubmitAsync(page, "Input.Code", ("Input.Code", await NextCodeAsync())));
    }

    public static string[] ReadRecoveryCodes(Page page) => page.Find("<code class=\"recovery-code\">([^<]*)</code>");

    /// <summary>Whether this browser has a session.</summary>
    public async Task<bool> IsSignedInAsync() => (await OpenAsync("Manage/PersonalData")).Address.AbsolutePath.EndsWith("/PersonalData", StringComparison.Ordinal);

    public void Dispose()
    {
        Phone?.Dispose();
        _client.Dispose();
    }

    private async Task<Page> ArriveAsync(HttpResponseMessage response)
    {
        for (var i = 0; response.Headers.Location is { } location; i++)
        {
            Assert.True(i < MostRedirects, $"Too many redirects to {location}.");
            var target = new Uri(response.RequestMessage!.RequestUri!, location);
            response.Dispose();
            response = await _client.GetAsync(target.PathAndQuery);
        }

        using (response)
        {
            var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            return new(response.RequestMessage!.RequestUri!, response.StatusCode, html);
        }
    }
}
