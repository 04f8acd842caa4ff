namespace Callroute.Mfa.Core.Tests.Model;

/// <summary>Browsers on which no code is asked for.</summary>
internal sealed partial class LifeCycle
{
    private readonly List<Remembered> _remembered = [];

    private async Task RememberAsync(int choice)
    {
        if (choice % 3 == 0 && _receipt is { } receipt)
        {
            await RememberAsync(receipt);
        }

        if (_remembered.Count > 0)
        {
            await VerifyRememberedAsync(_remembered[^(1 + choice % _remembered.Count)]);
        }
    }

    private async Task RememberAsync(ReceiptModel receipt)
    {
        var device = _hasRecord && IsEnabled && Proves() && !receipt.IsRecovery ? _devices.DeviceOf(_how.Device, Now) : null;
        var token = await _mfa.RememberBrowserAsync(_scenario.User, receipt.Receipt, _how.Device, Scenario.Token);

        Reached.Add(token is null ? "Browser not remembered" : "Browser remembered");
        Assert.Equal(device is null, token is null);
        if (token is not null)
        {
            EndRemembered();
            _remembered.Where(it => it.Device == device && it.End is null).ToList().ForEach(it => it.End = "a newer token");
            _remembered.RemoveAll(it => it.Token == token);
            _remembered.Add(new(token, device!.Value, receipt.At, Binding));
        }
    }

    private async Task VerifyRememberedAsync(Remembered browser)
    {
        var isAccepted = IsRemembered(browser) && !_totp.IsLockedOut(isKnown: true, Now);
        var verifiedAt = await _mfa.VerifyRememberedBrowserAsync(_scenario.User, browser.Token, Scenario.Token);

        Reached.Add(isAccepted ? "Remembered browser accepted" : $"Remembered browser ended by {browser.End ?? "time or lockout"}");
        Assert.Equal(isAccepted ? browser.VerifiedAt : null, verifiedAt);
    }

    // Each write removes what a change has ended, even if a later change undoes it.
    private void EndRemembered()
    {
        foreach (var browser in _remembered.Where(it => it.End is null))
        {
            browser.End = browser.Binding != Binding ? "change" : _devices.IsListed(browser.Device) ? null : "device";
        }
    }

    private bool IsRemembered(Remembered browser)
    {
        EndRemembered();
        return browser.End is null && (Now - browser.VerifiedAt).Duration() < TimeSpan.FromDays(30);
    }

    private sealed record Remembered(string Token, int Device, DateTimeOffset VerifiedAt, string Binding)
    {
        public string? End { get; set; }
    }
}
