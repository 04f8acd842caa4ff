using Microsoft.Extensions.Time.Testing;

namespace Callroute.Mfa.Stores.Tests;

/// <summary>Clocks that jump, and nodes whose clocks differ.</summary>
public sealed class ClockTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan[] Jumps =
        [TimeSpan.FromSeconds(1), Step, TimeSpan.FromSeconds(90), TimeSpan.FromHours(1), TimeSpan.FromDays(1)];

    private static FakeTimeProvider ClockAt(DateTimeOffset time) => new(time);

    [Theory]
    [MemberData(nameof(StoreScenario.AllEngines), MemberType = typeof(StoreScenario))]
    public async Task VerifyAsync_ClockGoesBack_NeverAcceptsAgain(string engine)
    {
        await using var scenario = await StoreScenario.OnAsync(engine);
        foreach (var jump in Jumps)
        {
            var member = await scenario.EnrollAsync();
            var now = scenario.Clock.GetUtcNow() + Step;
            var code = member.Phone.GetCodeAt(now);
            Assert.True((await member.VerifyAsync(code)).Succeeded);

            foreach (var time in new[] { now - jump, now - (jump / 2), now, now + Step })
            {
                var result = await member.VerifyAsync(code, scenario.ServiceOn(scenario.Store, ClockAt(time)));
                Assert.False(result.Succeeded, $"{jump}: {result}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(StoreScenario.AllEngines), MemberType = typeof(StoreScenario))]
    public async Task VerifyAsync_ClockJumpedForwardAndIsSetRight_RefusesUntilTimePassesTheUsedCode(string engine)
    {
        await using var scenario = await StoreScenario.OnAsync(engine);
        foreach (var jump in Jumps.Where(jump => jump > 2 * Step))
        {
            var member = await scenario.EnrollAsync();
            var (right, wrong) = (scenario.Clock.GetUtcNow() + Step, scenario.Clock.GetUtcNow() + Step + jump);
            Assert.True((await VerifyAtAsync(scenario, member, wrong)).Succeeded);

            Assert.Equal(RefusalReason.ClockBehind, (await VerifyAtAsync(scenario, member, right)).Reason);
            Assert.False((await VerifyAtAsync(scenario, member, wrong)).Succeeded);
            Assert.True((await VerifyAtAsync(scenario, member, wrong + Step)).Succeeded);
        }
    }

    [Theory]
    [MemberData(nameof(StoreScenario.AllEngines), MemberType = typeof(StoreScenario))]
    public async Task VerifyAsync_FourNodesWithSkewedClocks_AcceptEveryCodeExactlyOnce(string engine)
    {
        await using var scenario = await StoreScenario.OnAsync(engine);
        var member = await scenario.EnrollAsync();
        for (var step = 1; step <= 10; step++)
        {
            var now = scenario.Clock.GetUtcNow() + (step * Step);
            var code = member.Phone.GetCodeAt(now);
            var clocks = new[] { -45, -15, 15, 45 }.Select(skew => ClockAt(now + TimeSpan.FromSeconds(skew)));
            var nodes = clocks.Select(clock => scenario.ServiceOn(scenario.Store, clock)).ToArray();

            var atOnce = await Task.WhenAll(nodes.Select(node => member.VerifyAsync(code, node)));
            var later = await Task.WhenAll(nodes.Select(node => member.VerifyAsync(code, node)));

            Assert.Single(atOnce, result => result.Succeeded);
            Assert.DoesNotContain(later, result => result.Succeeded);
        }
    }

    private static Task<VerificationResult> VerifyAtAsync(StoreScenario scenario, EnrolledUser member, DateTimeOffset time) =>
        member.VerifyAsync(member.Phone.GetCodeAt(time), scenario.ServiceOn(scenario.Store, ClockAt(time)));
}
