using System.Text.RegularExpressions;
using Callroute.Mfa.Testing;
using Microsoft.Playwright;

namespace Callroute.Mfa.Samples.Tests.Portal.Setting;

/// <summary>Somebody before a browser window, with a phone: does what the help page says, by the words that are on the page.</summary>
internal sealed partial class Person : IAsyncDisposable
{
    public const string Password = "four words in a row";

    [GeneratedRegex("id=\"key\"[^>]*>([^<]+)<")]
    private static partial Regex Key { get; }

    [GeneratedRegex("name=\"enrollment\" value=\"([^\"]+)\"")]
    private static partial Regex EnrollmentId { get; }

    [GeneratedRegex("<code class=\"mfa-secret\"[^>]*>([^<]+)<")]
    private static partial Regex Issued { get; }

    [GeneratedRegex("name=\"attempt\" value=\"([^\"]+)\"")]
    private static partial Regex Attempt { get; }

    [GeneratedRegex("name=\"set\" value=\"([^\"]+)\"")]
    private static partial Regex SetId { get; }

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _clock;

    private Person(IBrowserContext window, IPage page, TimeProvider clock, string email) =>
        (Window, Page, _clock, Email) = (window, page, clock, email);

    public IBrowserContext Window { get; }

    public IPage Page { get; }

    public string Email { get; }

    /// <summary>The authenticator app, once the QR code was scanned.</summary>
    public VirtualAuthenticator? Phone { get; set; }

    public string RecoveryCode { get; set; } = string.Empty;

    /// <summary>What the browser complained of: scripts and styles that the policy forbids, and errors of scripts.</summary>
    public List<string> Complaints { get; } = [];

    public ILocator Heading => Page.GetByRole(AriaRole.Heading, new() { Level = 1 }).First;

    public ILocator Alert => Page.GetByRole(AriaRole.Alert);

    public static async Task<Person> OpenAsync(
        IBrowser browser, Uri portal, TimeProvider clock, string email, BrowserNewContextOptions options)
    {
        options.BaseURL = portal.ToString();
        var window = await browser.NewContextAsync(options);
        window.SetDefaultTimeout(Chromium.TimeOut);
        var page = await window.NewPageAsync();
        var person = new Person(window, page, clock, email);
        page.Console += (_, message) => person.Complain(message.Type, message.Text);
        page.Response += (_, answer) => person.Complain(answer);
        page.PageError += (_, error) => person.Complaints.Add(error);
        return person;
    }

    /// <summary>The code that the phone shows once the last one is over, which the portal's clock is moved for.</summary>
    public string NextCode()
    {
        ((Clock)_clock).Advance(Step);
        return Phone!.GetCode();
    }

    /// <summary>A code that the phone does not show now, nor just before or after.</summary>
    public string WrongCode()
    {
        string[] right = [.. Enumerable.Range(-1, 3).Select(step => Phone!.GetCodeAt(_clock.GetUtcNow() + (step * Step)))];
        return Enumerable.Range(0, 4).Select(number => $"00000{number}").First(code => !right.Contains(code));
    }

    /// <summary>The cookies of the window that end with it.</summary>
    public async Task<BrowserContextCookiesResult[]> SessionCookiesAsync() =>
        [.. (await Window.CookiesAsync()).Where(cookie => cookie.Expires < 0)];

    public Task<IResponse?> GoToAsync(string path) => Page.GotoAsync(path);

    public Task FillAsync(string label, string text) => Page.GetByLabel(label, new() { Exact = true }).FillAsync(text);

    /// <summary>Clicks a button that leads to another page, and waits for that page.</summary>
    public Task ClickAsync(string name) => LeaveByAsync(Button(name));

    /// <summary>Clicks a link that leads to another page, and waits for that page.</summary>
    public Task FollowAsync(string name) => LeaveByAsync(Link(name));

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    public Task LeaveByAsync(ILocator what) => LeaveByAsync(() => what.ClickAsync());

    /// <summary>Acts and waits until another page has loaded. Without the wait, what follows could still read the old page.</summary>
    public async Task LeaveByAsync(Func<Task> act)
    {
        await Page.EvaluateAsync("document.documentElement.dataset.old = ''");
        await act();
        await Assertions.Expect(Page.Locator("html[data-old]")).ToHaveCountAsync(0);
        await LoadedAsync();
    }

    // Not WaitForLoadStateAsync: it waits for ever if the page has loaded between its look and its wait.
    private Task LoadedAsync() =>
        Assertions.Expect(Page.Locator("html")).ToHaveJSPropertyAsync("ownerDocument.readyState", "complete");

    /// <summary>Waits until the page has this heading.</summary>
    public Task SeesAsync(string heading) => Assertions.Expect(Heading).ToHaveTextAsync(heading);

    public Task ReadsAsync(ILocator where, string text) => Assertions.Expect(where).ToContainTextAsync(text);

    public Task ReadsAsync(string text) => ReadsAsync(Page.Locator("main"), text);

    public async Task RegisterAsync(string name = "Ann Example")
    {
        await EnterRegistrationAsync(name);
        await SeesAsync("My profile");
    }

    /// <summary>Registers and enables MFA by the requests that the pages make. That is faster than the pages themselves.</summary>
    public async Task RegisterWithMfaAsync()
    {
        await PostAsync("/register", ("name", "Ann Example"), ("email", Email), ("password", Password));
        var issued = await AddDeviceAsync();
        RecoveryCode = Issued.Match(issued).Groups[1].Value;
        await SaveAsync(issued);
        await GoToAsync("/profile/security");
        await ReadsAsync("Recovery code saved");
    }

    /// <summary>Says that the recovery codes of a page are saved, by a request.</summary>
    public Task SaveAsync(string issued) =>
        PostAsync("/profile/security/recovery-codes", ("set", SetId.Match(issued).Groups[1].Value));

    /// <summary>Sets up an authenticator by requests; the phone is that one then.</summary>
    /// <returns>The page after it.</returns>
    public Task<string> AddDeviceAsync(params (string Name, string Value)[] fields) => AddDeviceAsync("set-up", fields);

    public async Task<string> AddDeviceAsync(string page, params (string Name, string Value)[] fields)
    {
        var offer = await PostAsync($"/profile/security/{page}", fields);
        Phone = VirtualAuthenticator.FromManualKey(Key.Match(offer).Groups[1].Value, _clock);
        return await PostAsync(
            "/profile/security/set-up/verify", ("enrollment", EnrollmentId.Match(offer).Groups[1].Value), ("code", Phone.GetCode()));
    }

    /// <summary>Passes the first factor by a request.</summary>
    public Task PassPasswordAsync() => PostAsync("/signin", ("email", Email), ("password", Password));

    /// <summary>Sends a form with the cookies of the window, and follows where it leads.</summary>
    public async Task<string> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        // Forms of MFA name the user whom they were shown to.
        var shown = await (await Window.APIRequest.GetAsync(path)).TextAsync();
        var form = Window.APIRequest.CreateFormData();
        form.Set("attempt", Attempt.Match(shown).Groups[1].Value);
        foreach (var (name, value) in fields)
        {
            form.Set(name, value);
        }

        var answer = await Window.APIRequest.PostAsync(path, new() { Form = form });
        return await answer.TextAsync();
    }

    public async Task EnterRegistrationAsync(string name)
    {
        await GoToAsync("/register");
        await FillAsync("Name", name);
        await FillAsync("E-mail address", Email);
        await FillAsync("Password", Password);
        await ClickAsync("Register");
    }

    /// <summary>Passes the first factor.</summary>
    public async Task EnterPasswordAsync(string password = Password)
    {
        await GoToAsync("/signin");
        await FillAsync("E-mail address", Email);
        await FillAsync("Password", password);
        await ClickAsync("Sign in");
    }

    public Task EnterCodeAsync(string code) => EnterAsync(code, "Verify");

    /// <summary>Enters a code for what a button says.</summary>
    public async Task EnterAsync(string code, string button)
    {
        await FillAsync("Code", code);
        await ClickAsync(button);
    }

    public async Task SignInAsync(string code)
    {
        await EnterPasswordAsync();
        await SeesAsync("Two Factor Authentication");
        await EnterCodeAsync(code);
    }

    public async Task SignOutAsync()
    {
        await ClickAsync("Sign out");
        await SeesAsync("Sign in");
    }

    public async Task OpenSecurityAsync()
    {
        await GoToAsync("/profile");
        await FollowAsync("Security");
        await Assertions.Expect(Link("Security")).ToHaveAttributeAsync("aria-current", "page");
    }

    /// <summary>From the Security tab to the recovery code, which is on the page then.</summary>
    public async Task SetUpAsync()
    {
        await OpenSecurityAsync();
        await ClickAsync("Set up Multi-Factor Authentication");
        await ScanAsync();
        await VerifyAsync(Phone!.GetCode());
        await SeesAsync("Your recovery code");
        RecoveryCode = await ReadRecoveryCodeAsync();
    }

    /// <summary>From the page that says that MFA must be set up.</summary>
    public async Task SetUpAnewAsync()
    {
        await SeesAsync("Set up Multi-Factor Authentication");
        await ClickAsync("Continue");
        await ScanAsync();
        await VerifyAsync(Phone!.GetCode());
        await SeesAsync("Your recovery code");
        await SaveRecoveryCodeAsync();
    }

    public async Task EnableMfaAsync()
    {
        await SetUpAsync();
        await SaveRecoveryCodeAsync();
    }

    /// <summary>Takes a picture of the QR code on the screen and reads it, as a phone does.</summary>
    public async Task ScanAsync()
    {
        await SeesAsync("Set up your authenticator app");
        var picture = Path.GetTempFileName();
        try
        {
            await Page.Locator(".mfa-qr").ScreenshotAsync(new() { Path = picture, Type = ScreenshotType.Png });
            Phone = VirtualAuthenticator.Scan(ExternalProgram.Run("zbarimg", ["--quiet", "--raw", picture]).Trim(), _clock);
        }
        finally
        {
            File.Delete(picture);
        }
    }

    public async Task VerifyAsync(string code)
    {
        await FillAsync("Verification code", code);
        await ClickAsync("Verify");
    }

    public Task<string> ReadRecoveryCodeAsync() => Page.Locator(".mfa-recovery .mfa-secret").InnerTextAsync();

    public async Task SaveRecoveryCodeAsync()
    {
        await Page.GetByLabel("I have saved my recovery code").CheckAsync();
        await ClickAsync("Continue");
    }

    public async ValueTask DisposeAsync() => await Window.DisposeAsync();

    // Pages answer so where a test asks for it; a style or a script that is missing is a fault.
    private void Complain(IResponse answer)
    {
        if (answer.Status >= 400 && answer.Request.ResourceType != "document")
        {
            Complaints.Add($"{answer.Url} answered {answer.Status}.");
        }
    }

    // The browser reports every answer of 400 and more there as well.
    private void Complain(string type, string text)
    {
        if (type is "error" or "warning" && !text.StartsWith("Failed to load resource", StringComparison.Ordinal))
        {
            Complaints.Add(text);
        }
    }
}
