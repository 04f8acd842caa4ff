using Callroute.Mfa.Samples.Tests.Portal.Setting;
using Microsoft.Playwright;

namespace Callroute.Mfa.Samples.Tests.Portal;

/// <summary>Every page without a mouse.</summary>
public sealed class KeyboardTests(Chromium chromium) : BrowserTest(chromium)
{
    // More stops than a page has.
    private const int MostStops = 30;

    private Person _admin = null!;

    private IPage Page => _admin.Page;

    [Fact]
    public async Task Keyboard_Alone_ReachesEverything()
    {
        var bob = await ArriveAsync("bob");
        await bob.RegisterWithMfaAsync();
        _admin = await ArriveAsync("admin");

        await RegisterAndSetUpAsync();
        await RenameAndChangeDeviceAsync();
        await AddAndRemoveAsync();
        await MakeNewRecoveryCodeAsync();
        await AdministerAsync(bob);
        await ForgetDevicesAsync();
        await StepUpAsync();
        await SignOutAndRecoverAsync();
        await DisableAsync();

        Assert.Empty(_admin.Complaints);
    }

    private async Task RegisterAndSetUpAsync()
    {
        await _admin.GoToAsync("/register");
        await TypeAsync("Name", "Ada Admin");
        await TypeAsync("E-mail address", _admin.Email);
        await TypeAsync("Password", Person.Password);
        await PressAsync("Enter");
        await _admin.SeesAsync("My profile");
        await TabToAsync("Skip to content");
        await Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Page.Locator("main")).ToBeFocusedAsync();
        await GoAsync("Security");
        await GoAsync("Set up Multi-Factor Authentication");
        await ScanAndVerifyAsync();
        await SaveRecoveryCodeAsync();
        await _admin.ReadsAsync("You have successfully enabled MFA for your account.");
    }

    private async Task RenameAndChangeDeviceAsync()
    {
        await TabToAsync("Rename Authenticator app");
        await Page.Keyboard.PressAsync("Space");
        await TypeAsync("Name of the device", "Phone");
        await PressAsync("Enter");
        await _admin.ReadsAsync("The authenticator is renamed.");
        await GoAsync("Change device of Phone");
        await TypeAsync("Name of the device (optional)", "New phone");
        await ProveAsync("Continue");
        await ScanAndVerifyAsync();
        await _admin.ReadsAsync("Your authenticator is set up.");
    }

    private async Task AddAndRemoveAsync()
    {
        await GoAsync("Add an authenticator");
        await TypeAsync("Name of the device (optional)", "Tablet");
        await ProveAsync("Continue");
        await ScanAndVerifyAsync();
        await GoAsync("Remove New phone");
        await ProveAsync("Remove");
        await _admin.ReadsAsync("The authenticator is removed.");
    }

    private async Task MakeNewRecoveryCodeAsync()
    {
        await GoAsync("Make a new one");
        await ProveAsync("Make a new one");
        await SaveRecoveryCodeAsync();
        await _admin.ReadsAsync("Your recovery code is noted as saved.");
    }

    private async Task AdministerAsync(Person user)
    {
        await GoAsync("Administration");
        await TypeAsync("User, such as an e-mail address", user.Email);
        await GoAsync("Find");
        await GoAsync(user.Email);
        foreach (var change in (string[])["Unlock", "Reset"])
        {
            await GoAsync(change);
            await TypeAsync("Reason", "Lost phone");
            await GoAsync(change);
            await _admin.ReadsAsync("admin@example.com: Lost phone");
        }
    }

    private async Task ForgetDevicesAsync()
    {
        await _admin.GoToAsync("/profile/security");
        await GoAsync("Forget: Last used");
        await ProveAsync("Forget");
        await _admin.ReadsAsync("Forgotten.");
    }

    // The recovery code is typed into the field that is closed at first.
    private async Task StepUpAsync()
    {
        Portal.Clock.Advance(TimeSpan.FromMinutes(11));
        await GoAsync("Administration");
        await _admin.SeesAsync("Verify that it is you");
        await TabToAsync("Use your recovery code");
        await Page.Keyboard.PressAsync("Space");
        await TypeAsync("Recovery code", _admin.RecoveryCode);
        await PressAsync("Enter");
        await SaveRecoveryCodeAsync();
        await _admin.SeesAsync("Administration");
    }

    private async Task SignOutAndRecoverAsync()
    {
        await GoAsync("Sign out");
        await TypeAsync("E-mail address", _admin.Email);
        await TypeAsync("Password", Person.Password);
        await PressAsync("Enter");
        await TypeAsync("Code", _admin.WrongCode());
        await PressAsync("Enter");
        await _admin.ReadsAsync(_admin.Alert, "not accepted");
        await GoAsync("Use your recovery code");
        await TypeAsync("Recovery code", _admin.RecoveryCode);
        await PressAsync("Enter");
        await SaveRecoveryCodeAsync();
        await _admin.SeesAsync("Security");
        await GoAsync("Forget all devices");
        await ProveAsync("Forget");
        await _admin.ReadsAsync("None. A device is known once you sign in on it with a code.");
    }

    private async Task DisableAsync()
    {
        await TabToAsync("Multi-Factor Authentication");
        await PressAsync("Space");
        await _admin.SeesAsync("Disable Multi-Factor Authentication?");
        await ProveAsync("Disable");
        await _admin.ReadsAsync("MFA is now disabled.");
    }

    private async Task ScanAndVerifyAsync()
    {
        await _admin.ScanAsync();
        await TypeAsync("Verification code", _admin.Phone!.GetCode());
        await PressAsync("Enter");
    }

    private async Task SaveRecoveryCodeAsync()
    {
        await _admin.SeesAsync("Your recovery code");
        _admin.RecoveryCode = await _admin.ReadRecoveryCodeAsync();
        await TabToAsync("I have saved my recovery code");
        await Page.Keyboard.PressAsync("Space");
        await GoAsync("Continue");
    }

    /// <summary>Sends the form of a change, with a code if it asks for one at once or afterwards.</summary>
    private async Task ProveAsync(string button)
    {
        var code = Page.Locator("#code");
        await (await code.IsVisibleAsync() ? Task.CompletedTask : GoAsync(button));
        if (await code.IsVisibleAsync() && !await Named("Verification code").IsVisibleAsync())
        {
            await TypeAsync("Code", _admin.NextCode());
            await GoAsync(button);
        }
    }

    private async Task TypeAsync(string label, string text)
    {
        await TabToAsync(label);
        await Page.Keyboard.TypeAsync(text);
    }

    private async Task GoAsync(string label)
    {
        await TabToAsync(label);
        await PressAsync("Enter");
    }

    private Task PressAsync(string key) => _admin.LeaveByAsync(() => Page.Keyboard.PressAsync(key));

    /// <summary>Tabs from where the focus is; wherever it stops, one sees it.</summary>
    private async Task TabToAsync(string label)
    {
        var there = Named(label);
        for (var stop = 0; stop < MostStops && !await there.EvaluateAsync<bool>("element => element === document.activeElement"); stop++)
        {
            await Page.Keyboard.PressAsync("Tab");
            Assert.Contains(
                await Page.EvaluateAsync<string>(
                    """
                    (focused => {
                      const { outlineStyle, outlineWidth } = getComputedStyle(focused);
                      return focused === document.body ? 'none' : `${outlineStyle} ${outlineWidth}`;
                    })(document.activeElement)
                    """),
                (string[])["none", "solid 3px"]);
        }

        Assert.True(await there.EvaluateAsync<bool>("element => element === document.activeElement"), $"Tab does not reach {label}.");
    }

    /// <summary>What a user calls so: a field, a button, a link, or what opens more.</summary>
    private ILocator Named(string label) => Page.GetByLabel(label, new() { Exact = true })
        .Or(_admin.Button(label)).Or(_admin.Link(label)).Or(Page.Locator($"a[aria-label^='{label}']"))
        .Or(Page.Locator("summary").And(Page.GetByText(label, new() { Exact = true }))).First;
}
