using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Core.Tests.Operations;

/// <summary>The token of a remembered browser: who gets one, what it is good for, and how it ends.</summary>
public sealed class RememberedBrowserTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    private readonly TwoKeys _keys = new();
    private Scenario _scenario;
    private VirtualAuthenticator _phone = null!;
    private string _recoveryCode = null!;
    private MfaReceipt _receipt = null!;
    private string _device = null!;

    public RememberedBrowserTests() => _scenario = NewScenario();

    private Scenario NewScenario(FaultInjectingStore? store = null) => new(
        new MfaOptions { Issuer = "Callroute", RememberBrowserLifetime = Lifetime, MaximumAuthenticators = 3 },
        store,
        _keys.BothWithOldActive);

    /// <summary>Enrols, signs in with a code and remembers the browser.</summary>
    private async Task<string> RememberAsync()
    {
        (_phone, var codes) = await _scenario.EnrollAsync();
        _recoveryCode = codes!.Reveal()[0];
        await SignInAsync();
        var token = await RememberAsync(_receipt, _device);
        Assert.NotNull(token);
        return token;
    }

    private async Task<string?> RememberAsync(MfaReceipt receipt, string? device) =>
        await _scenario.Mfa.RememberBrowserAsync(_scenario.User, receipt, device, Scenario.Token);

    private async Task SignInAsync(string? code = null)
    {
        var result = await _scenario.VerifyAsync(code ?? _phone.GetCode());
        Assert.True(result.Succeeded, result.ToString());
        (_receipt, _device) = (result.Receipt, result.RevealKnownDevice()!);
        _scenario.NextCode();
    }

    private async Task<DateTimeOffset?> VerifyAsync(string? token) =>
        await _scenario.Mfa.VerifyRememberedBrowserAsync(_scenario.User, token, Scenario.Token);

    // A repeated answer gives the same receipt for 10 minutes. More events would push the history out.
    [Fact]
    public async Task RememberBrowserAsync_TheSameReceiptAgain_GivesTheSameTokenAndNoOtherEvent()
    {
        var token = await RememberAsync();

        Assert.Equal(token, await RememberAsync(_receipt, _device));

        Assert.Single((await _scenario.StatusAsync()).RecentEvents, it => it.Kind == MfaEventKind.BrowserRemembered);
    }

    [Fact]
    public async Task VerifyRememberedBrowserAsync_RememberedBrowser_GivesTheTimeOfTheCodeAndIsListed()
    {
        var token = await RememberAsync();
        var verifiedAt = _scenario.Clock.GetUtcNow() - TimeSpan.FromSeconds(30);
        _scenario.Clock.Advance(TimeSpan.FromDays(3));

        Assert.Equal([verifiedAt, verifiedAt], [await VerifyAsync(token), await VerifyAsync(token)]);

        var status = await _scenario.StatusAsync();
        Assert.Equal([new(status.KnownDevices.Last().Key, verifiedAt + Lifetime)], status.RememberedBrowsers);
        Assert.Single(_scenario.Events, e => e.Kind == MfaEventKind.BrowserRemembered);
        Assert.Equal(1, status.RecentEvents.Single(e => e.Kind == MfaEventKind.RememberedBrowserAccepted).Repeats);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("empty")]
    [InlineData("altered")]
    [InlineData("of another user")]
    [InlineData("the known device")]
    [InlineData("a receipt")]
    [InlineData("replaced by a newer one")]
    [InlineData("switched off")]
    [InlineData("shorter lifetime")]
    [InlineData("expired")]
    [InlineData("clock set back")]
    [InlineData("expiry altered in the store")]
    [InlineData("another security stamp")]
    [InlineData("key missing")]
    [InlineData("store fails")]
    [InlineData("record lost")]
    [InlineData("record unreadable")]
    [InlineData("erased")]
    [InlineData("disabled")]
    [InlineData("reset")]
    [InlineData("device revoked")]
    [InlineData("device revoked, and a read of before")]
    [InlineData("device pushed out")]
    [InlineData("authenticator added")]
    [InlineData("authenticator added and removed again")]
    [InlineData("authenticator replaced")]
    [InlineData("recovery codes regenerated")]
    [InlineData("recovered")]
    [InlineData("recovered without a new set")]
    [InlineData("known devices locked out")]
    public async Task VerifyRememberedBrowserAsync_AnythingElse_NeedsACode(string kind)
    {
        var store = FaultInjectingStore.Around(new Storage.InMemoryMfaStore());
        _scenario = NewScenario(store);
        var token = await RememberAsync();

        var presented = await SpoilAsync(kind, token, store);

        Assert.Null(await VerifyAsync(presented));
        store.Disarm();
        Assert.DoesNotContain(_scenario.Events, e => e.Kind == MfaEventKind.RememberedBrowserAccepted);
    }

    private async Task<string?> SpoilAsync(string kind, string token, FaultInjectingStore store)
    {
        var proof = MfaProof.FromReceipt(_receipt);
        switch (kind)
        {
            case "null" or "empty":
                return kind == "null" ? null : string.Empty;
            case "altered":
                return token[..^6] + (token[^6] == 'A' ? 'B' : 'A') + token[^5..];
            case "of another user":
                _scenario.User = new("user-2");
                await RememberAsync();
                break;
            case "the known device":
                return _device;
            case "a receipt":
                return _receipt.Reveal();
            case "replaced by a newer one":
                _scenario.KnownDevice = _device;
                await SignInAsync();
                Assert.NotNull(await RememberAsync(_receipt, _device));
                break;
            case "switched off" or "shorter lifetime":
                _scenario.Clock.Advance(TimeSpan.FromDays(2));
                _scenario = _scenario.Beside(options =>
                    options.RememberBrowserLifetime = kind == "switched off" ? null : TimeSpan.FromDays(2));
                break;
            case "expired" or "clock set back":
                _scenario.Clock.AdjustTime(_scenario.Clock.GetUtcNow() + (kind == "expired" ? 1 : -1) * Lifetime);
                break;
            case "expiry altered in the store":
                await _scenario.EditJsonAsync(json => json["rememberedBrowsers"]![0]!["expiresAt"] = "2030-01-01T00:00:00Z");
                break;
            case "another security stamp":
                await _scenario.EditJsonAsync(json => json["securityStamp"] = Guid.NewGuid());
                break;
            case "key missing":
                _scenario = _scenario.Beside(protector: _keys.OnlyNew);
                break;
            case "store fails":
                store.Arm(StoreFault.ThrowBefore, 1);
                break;
            case "record lost":
                var version = (await store.FindAsync(_scenario.User, Scenario.Token))!.Version;
                await store.TryDeleteAsync(_scenario.User, version, Scenario.Token);
                break;
            case "record unreadable":
                await _scenario.EditAsync(_ => "spoilt");
                break;
            case "recovered" or "recovered without a new set":
                _scenario = _scenario.Beside(options => options.Recovery.RegenerateOnUse = kind == "recovered");
                await SignInAsync(_recoveryCode);
                break;
            case "known devices locked out":
                _scenario.KnownDevice = _device;
                await _scenario.LockOutAsync(_phone);
                break;
            default:
                await ChangeAsync(kind.Split(',')[0], proof);
                break;
        }

        if (kind.EndsWith("read of before", StringComparison.Ordinal))
        {
            store.Arm(StoreFault.StaleRead, 1);
        }

        return token;
    }

    private async Task ChangeAsync(string kind, MfaProof proof)
    {
        switch (kind)
        {
            case "erased":
                await _scenario.EraseAsync();
                break;
            case "disabled" or "reset":
                await (kind == "reset" ? _scenario.ResetAsync() : _scenario.DisableAsync(proof));
                break;
            case "device revoked":
                await _scenario.RevokeAsync(proof, (await _scenario.StatusAsync()).RememberedBrowsers.Keys.Single());
                break;
            case "device pushed out":
                for (var i = 0; i < 10; i++)
                {
                    await SignInAsync();
                }

                break;
            case "authenticator replaced":
                await _scenario.EnrollAsync(proof, await _scenario.FirstAuthenticatorAsync());
                break;
            case "recovery codes regenerated":
                Assert.True((await _scenario.RegenerateAsync(proof)).Succeeded);
                break;
            default:
                await _scenario.EnrollAsync(proof);
                if (kind == "authenticator added and removed again")
                {
                    await _scenario.RemoveAsync((await _scenario.StatusAsync()).Authenticators[^1].Id, proof);
                }

                break;
        }
    }

    [Theory]
    [InlineData("switched off")]
    [InlineData("receipt too old")]
    [InlineData("receipt of a recovery code")]
    [InlineData("receipt of another user")]
    [InlineData("no device")]
    [InlineData("device revoked")]
    [InlineData("record lost")]
    public async Task RememberBrowserAsync_NoFreshCodeOfAnAppOnAKnownDevice_RemembersNothing(string kind)
    {
        await RememberAsync();
        var (receipt, user) = (_receipt, _scenario.User);
        switch (kind)
        {
            case "switched off":
                _scenario = _scenario.Beside(options => options.RememberBrowserLifetime = null);
                break;
            case "receipt too old":
                _scenario.Clock.Advance(_scenario.Options.StepUpAge);
                break;
            case "receipt of a recovery code":
                await SignInAsync(_recoveryCode);
                receipt = _receipt;
                break;
            case "receipt of another user":
                _scenario.User = new("user-2");
                await RememberAsync();
                break;
            case "record lost":
                await _scenario.EraseAsync();
                break;
            case "device revoked":
                await _scenario.RevokeAsync(MfaProof.FromReceipt(receipt));
                break;
            default:
                break;
        }

        Assert.Null(await RememberAsync(receipt, kind == "no device" ? null : _device));
    }
}
