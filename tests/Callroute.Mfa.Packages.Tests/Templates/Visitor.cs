using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Packages.Tests.Templates;

/// <summary>A user of Identity's pages, who opens links and sends forms as a browser does.</summary>
internal sealed class Visitor(TemplateSite site, string name) : TemplateUser(site, name, "text/html")
{
    private const int MostRedirects = 10;

    /// <summary>The phone's key, as the page showed it.</summary>
    public string Key { get; private set; } = string.Empty;

    /// <summary>Registers, signs in and sets up the phone.</summary>
    /// <returns>The user and the recovery codes that the page shows.</returns>
    public static async Task<(Visitor User, string[] RecoveryCodes)> EnrollAsync(TemplateSite site, string name)
    {
        var user = new Visitor(site, name);
        await user.RegisterAsync();
        await user.EnterPasswordAsync();
        var page = await user.SetUpPhoneAsync();
        Assert.True(ReadRecoveryCodes(page).Length > 0, $"No recovery codes at {page}");
        return (user, ReadRecoveryCodes(page));
    }

    public static string[] ReadRecoveryCodes(Page page) => page.Find("<code class=\"recovery-code\">([^<]*)</code>");

    /// <summary>Opens one of Identity's pages, such as <c>Manage/Disable2fa</c>.</summary>
    public Task<Page> OpenAsync(string page) => FollowAsync($"{Site.Pages}/{page}");

    public async Task<Page> FollowAsync(string address) => await ArriveAsync(await Client.GetAsync(address));

    /// <summary>Sends the form of a page that has this text, with these fields changed.</summary>
    public async Task<Page> SubmitAsync(Page page, string text, params (string Name, string Value)[] fields)
    {
        var (action, content) = page.FindForm(text);
        foreach (var (field, value) in fields)
        {
            content[field] = value;
        }

        return await ArriveAsync(await Client.PostAsync(action, new FormUrlEncodedContent(content)));
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
        Client.ForgetCookies();
        return await SubmitAsync(await OpenAsync("Login"), "Input.Password", ("Input.Email", Email), ("Input.Password", Password));
    }

    public Task<Page> EnterCodeAsync(Page page, string code) =>
        SubmitAsync(page, "Input.TwoFactorCode", ("Input.TwoFactorCode", code));

    public async Task<Page> SignInAsync(string code) => await EnterCodeAsync(await EnterPasswordAsync(), code);

    /// <summary>Enters the password, and a recovery code in place of the phone's.</summary>
    public async Task<Page> RecoverAsync(string code)
    {
        await EnterPasswordAsync();
        return await SubmitAsync(await OpenAsync("LoginWithRecoveryCode"), "Input.RecoveryCode", ("Input.RecoveryCode", code));
    }

    /// <summary>Sets up the phone, and returns the page after it.</summary>
    public async Task<Page> SetUpPhoneAsync()
    {
        var page = await OpenAsync("Manage/EnableAuthenticator");
        var uri = Assert.Single(page.Find("data-url=\"([^\"]*)\""));
        Key = uri.Split("secret=")[1].Split('&')[0];
        Phone = VirtualAuthenticator.Scan(uri, TimeProvider.System);
        return await SubmitAsync(page, "Input.Code", ("Input.Code", await NextCodeAsync()));
    }

    private async Task<Page> ArriveAsync(HttpResponseMessage response)
    {
        for (var i = 0; response.Headers.Location is { } location; i++)
        {
            Assert.True(i < MostRedirects, $"Too many redirects to {location}.");
            var target = new Uri(response.RequestMessage!.RequestUri!, location);
            response.Dispose();
            response = await Client.GetAsync(target.PathAndQuery);
        }

        using (response)
        {
            var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            return new(response.RequestMessage!.RequestUri!, response.StatusCode, html);
        }
    }
}
