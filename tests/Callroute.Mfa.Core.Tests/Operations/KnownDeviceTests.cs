using System.Buffers.Text;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Core.Tests.Operations;

/// <summary>The token of a known device: who gets one, when it is accepted, and how it ends.</summary>
public sealed class KnownDeviceTests
{
    private static readonly TimeSpan Lifetime = new MfaOptions().KnownDeviceLifetime;

    private readonly Scenario _scenario = new();

    private async Task<bool> IsKnownAsync(string? token)
    {
        var before = (await _scenario.RecordAsync()).RecoveryThrottle;
        _scenario.KnownDevice = token;
        await _scenario.FailRecoveryAsync(1);
        var after = (await _scenario.RecordAsync()).RecoveryThrottle;
        Assert.Equal(before.FailuresOnAllDevices + 1, after.FailuresOnAllDevices);
        return after.KnownDevices.Failures > before.KnownDevices.Failures;
    }

    /// <summary>A sign-in that is accepted, on an unknown device.</summary>
    private async Task<string> SignInAsync(string code)
    {
        _scenario.KnownDevice = null;
        var result = await _scenario.VerifyAsync(code);
        Assert.True(result.Succeeded, result.ToString());
        _scenario.NextCode();
        return result.RevealKnownDevice()!;
    }

    private async Task<Guid[]> ListedAsync() => [.. (await _scenario.RecordAsync()).KnownDevices.Select(device => device.Id)];

    [Fact]
    public async Task RevealKnownDevice_AcceptedCodeRecoveryCodeAndFirstConfirmation_GiveATokenEach()
    {
        var (phone, codes) = await _scenario.EnrollAsync();
        string[] tokens =
            [_scenario.FirstDevice!, await SignInAsync(phone.GetCode()), await SignInAsync(codes!.Reveal()[0])];

        Assert.Equal(3, (await ListedAsync()).Distinct().Count());
        foreach (var token in tokens)
        {
            Assert.True(await IsKnownAsync(token));
        }
    }

    [Theory]
    [InlineData("of another user")]
    [InlineData("of another tenant")]
    [InlineData("altered")]
    [InlineData("cut off")]
    [InlineData("a receipt")]
    [InlineData("no Base64url")]
    [InlineData("too long")]
    [InlineData("empty")]
    [InlineData("revoked")]
    [InlineData("of before disabling")]
    [InlineData("of before a reset")]
    [InlineData("of another security stamp")]
    [InlineData("pushed out")]
    public async Task VerifyAsync_TokenOfNoKnownDevice_IsCountedAsAnUnknownOne(string kind)
    {
        var (phone, _) = await _scenario.EnrollAsync();

        Assert.False(await IsKnownAsync(await UntrustedAsync(kind, phone)));
    }

    private async Task<string?> UntrustedAsync(string kind, Testing.VirtualAuthenticator phone)
    {
        var token = _scenario.FirstDevice!;
        switch (kind)
        {
            case "of another user" or "of another tenant":
                _scenario.User = kind == "of another user" ? new("user-2") : new("user-1", "tenant");
                await _scenario.EnrollAsync();
                return token;
            case "altered":
                return token[..^6] + (token[^6] == 'A' ? 'B' : 'A') + token[^5..];
            case "cut off":
                return token[..^8];
            case "a receipt":
                return (await _scenario.VerifyAsync(phone.GetCode())).Receipt!.Reveal();
            case "no Base64url":
                return token + "=+/\0é";
            case "too long":
                return token + new string('A', MfaReceipt.MaximumLength);
            case "empty":
                return "";
            case "revoked":
                await _scenario.RevokeAsync(_scenario.CodeOf(phone));
                return token;
            case "of another security stamp":
                await _scenario.EditJsonAsync(record => record["securityStamp"] = Guid.NewGuid());
                return token;
            case "pushed out":
                for (var i = 0; i < 10; i++)
                {
                    await SignInAsync(phone.GetCode());
                }

                return token;
            default:
                await (kind == "of before a reset" ? _scenario.ResetAsync() : _scenario.DisableAsync(_scenario.CodeOf(phone)));
                _scenario.SignedInAt = _scenario.Clock.GetUtcNow();
                await _scenario.EnrollAsync();
                return token;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task VerifyAsync_TokenAsOldAsItsLifetime_IsCountedAsAnUnknownOne(bool isYounger)
    {
        await _scenario.EnrollAsync();
        var issuedAt = _scenario.Clock.GetUtcNow() - TimeSpan.FromSeconds(30);
        _scenario.Clock.AdjustTime(issuedAt + (isYounger ? Lifetime - TimeSpan.FromTicks(1) : Lifetime));

        Assert.Equal(isYounger, await IsKnownAsync(_scenario.FirstDevice));
        Assert.Equal(isYounger ? 1 : 0, (await _scenario.StatusAsync()).KnownDevices.Count);
    }

    [Fact]
    public async Task RevokeKnownDevicesAsync_OneOrAll_RevokesThem()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var second = await SignInAsync(phone.GetCode());
        var third = await SignInAsync(phone.GetCode());
        _scenario.KnownDevice = third;
        var proof = await _scenario.ReceiptAsync(phone.GetCode());
        var ids = await ListedAsync();

        Assert.Equal(MfaChangeOutcome.NotFound, (await _scenario.RevokeAsync(proof, Guid.NewGuid())).Outcome);
        Assert.Equal(ids, await ListedAsync());
        Assert.True((await _scenario.RevokeAsync(proof, ids[1])).Succeeded);
        Assert.Equal([ids[0], ids[2]], await ListedAsync());
        Assert.False(await IsKnownAsync(second));
        Assert.True(await IsKnownAsync(third));
        Assert.True((await _scenario.RevokeAsync(proof)).Succeeded);
        Assert.Empty((await _scenario.StatusAsync()).KnownDevices);
        Assert.Equal(2, _scenario.Events.Count(e => e.Kind == MfaEventKind.KnownDevicesRevoked));
    }

    [Fact]
    public async Task VerifyAsync_KnownDeviceWithoutTheRightCode_IsRefused()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        _scenario.KnownDevice = _scenario.FirstDevice;

        Assert.Equal(RefusalReason.Malformed, (await _scenario.VerifyAsync(null)).Reason);
        Assert.Equal(RefusalReason.WrongCode, (await _scenario.VerifyAsync(_scenario.WrongCode(phone))).Reason);
    }

    [Fact]
    public async Task RevealKnownDevice_Token_ContainsNeitherTheUserNorTheStampInClear()
    {
        await _scenario.EnrollAsync();
        var bytes = Base64Url.DecodeFromChars(_scenario.FirstDevice);
        byte[][] hidden = [(await _scenario.RecordAsync()).SecurityStamp.ToByteArray(), "user-1"u8.ToArray()];

        Assert.All(hidden, part => Assert.Equal(-1, bytes.AsSpan().IndexOf(part)));
    }
}
