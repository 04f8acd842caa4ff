using System.Globalization;
using Callroute.Mfa.Telemetry;
using Microsoft.Extensions.Time.Testing;

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

    // The store ignores case. A newer version may have written the other record in a form that this version cannot read.
    [Theory]
    [InlineData("\"digits\":6")]
    [InlineData("\"digits\":\"6\"")]
    public async Task ResetAsync_RecordOfAnotherSubject_IsNotOverwritten(string digits)
    {
        await _scenario.EnrollAsync();
        await _scenario.EditAsync(document => document
            .Replace("user-1", "USER-1", StringComparison.Ordinal).Replace("\"digits\":6", digits, StringComparison.Ordinal));
        var before = await _scenario.DocumentAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => _scenario.ResetAsync());

        Assert.Equal(before, await _scenario.DocumentAsync());
    }

    [Theory]
    [InlineData("0:01:00")]
    [InlineData("7.00:00:00")]
    public async Task ResetAsync_Period_EndsOnTheTick(string period)
    {
        await _scenario.ResetAsync(enrollmentPeriod: TimeSpan.Parse(period, CultureInfo.InvariantCulture));

        _scenario.Clock.Advance(TimeSpan.Parse(period, CultureInfo.InvariantCulture) - TimeSpan.FromTicks(1));
        Assert.Equal(SignInRequirement.EnrollmentRequired, await _scenario.RequirementAsync());
        _scenario.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(SignInRequirement.Unavailable, await _scenario.RequirementAsync());
    }

    [Theory]
    [InlineData("0:00:59.9999999")]
    [InlineData("7.00:00:00.0000001")]
    public async Task ResetAsync_PeriodOutOfItsRange_Throws(string period) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => _scenario.ResetAsync(enrollmentPeriod: TimeSpan.Parse(period, CultureInfo.InvariantCulture)));

    // Seven days are the longest period.
    [Theory]
    [InlineData("6.00:00:00", SignInRequirement.EnrollmentRequired)]
    [InlineData("6.00:00:00.0000001", SignInRequirement.Unavailable)]
    public async Task ResetAsync_ClockSetBack_DoesNotProlongThePeriod(string back, SignInRequirement expected)
    {
        await _scenario.ResetAsync(enrollmentPeriod: TimeSpan.FromDays(1));
        var earlier = new FakeTimeProvider(Scenario.Start - TimeSpan.Parse(back, CultureInfo.InvariantCulture));

        Assert.Equal(expected, await new Scenario(store: _scenario.Store, clock: earlier).RequirementAsync());
    }

    [Fact]
    public async Task ResetAsync_ReasonOfControlCharacters_IsRefused()
    {
        await _scenario.EnrollAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => _scenario.ResetAsync("\u0001\u0002"));
    }
}
