using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Core.Tests.Operations;

public sealed class ResetTests
{
    private readonly Scenario _scenario = new();

    [Fact]
    public async Task ResetAsync_LockedOutUser_MayEnrollAgainAndTheReasonIsKept()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        await _scenario.LockOutAsync(phone);

        var reset = await _scenario.ResetAsync("Phone stolen,\nidentity\u2028 checked\u202E");
        var (device, codes) = await _scenario.EnrollAsync();

        Assert.True(reset.Succeeded);
        Assert.NotNull(codes);
        Assert.True((await _scenario.VerifyAsync(device.GetCode())).Succeeded);
        Assert.Contains(
            (await _scenario.StatusAsync()).RecentEvents,
            e => e is { Kind: MfaEventKind.Reset, Reason: "Phone stolen,identity checked" });
    }

    [Fact]
    public async Task ResetAsync_NoRecord_IsNotEnrolled() =>
        Assert.Equal(MfaChangeOutcome.NotEnrolled, (await _scenario.ResetAsync()).Outcome);

    [Fact]
    public async Task ResetAsync_ReasonOfControlCharacters_IsRefused()
    {
        await _scenario.EnrollAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => _scenario.ResetAsync("\u0001\u0002"));
    }
}
