using Microsoft.Extensions.Time.Testing;

namespace Callroute.Mfa.Stores.Tests;

/// <summary>security.md §5.8 on every engine: clocks that jump, and nodes whose clocks differ.</summary>
public sealed class ClockTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan[] Jumps = [TimeSpan.FromSeconds(1), Step, TimeSpan.FromSeconds(90), TimeSpan.FromHours(1), TimeSpan.FromDays(1)];

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
            Assert.True((await scenario.VerifyAsync(member, code)).Succeeded);

            foreach (var time in new[] { now - jump, now - (jump / 2), now, now + Step })
            {
                var result = await scenario.ServiceOn(scenario.Store, ClockAt(time)).VerifyAsync(member.User, code, scenario.Mfa.BeginAttempt(), StoreScenario.Token);
                Assert.False(result.Succeeded, $"{jump}: {result}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(StoreScenario.AllEngines), MemberType = typeof(StoreScenario))]
    public async Task VerifyAsync_ClockJumpedForwardAndIsSetRight_RefusesUntilTimePassesTheWatermark(string engine)
    {
        await using var scenario = await StoreScenario.OnAsync(engine);
        foreach (var jump in Jumps.Where(jump => jump > 2 * Step))
        {
            var member = await scenario.EnrollAsync();
            var (right, wrong) = (scenario.Clock.GetUtcNow() + Step, scenario.Clock.GetUtcNow() + Step + jump);
            Assert.True((await VerifyAtAsync(scenario, member, wrong, wrong)).Succeeded);

            Assert.Equal(RefusalReason.ClockBehind, (await VerifyAtAsync(scenario, member, right, right)).Reason);
            Assert.False((await VerifyAtAsync(scenario, member, wrong, wrong)).Succeeded);
            Assert.True((await VerifyAtAsync(scenario, member, wrong + Step, wrong + Step)).Succeeded);
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
            var nodes = new[] { -45, -15, 15, 45 }.Select(skew => scenario.ServiceOn(scenario.Store, ClockAt(now + TimeSpan.FromSeconds(skew)))).ToArray();

            var atOnce = await Task.WhenAll(nodes.Select(node => node.VerifyAsync(member.User, code, node.BeginAttempt(), StoreScenario.Token).AsTask()));
            var later = await Task.WhenAll(nodes.Select(node => node.VerifyAsync(member.User, code, node.BeginAttempt(), StoreScenario.Token).AsTask()));

            Assert.Single(atOnce, result => result.Succeeded);
            Assert.DoesNotContain(later, result => result.Succeeded);
        }
    }

    private static async Task<VerificationResult> VerifyAtAsync(StoreScenario scenario, Member member, DateTimeOffset serverTime, DateTimeOffset phoneTime)
    {
        var node = scenario.ServiceOn(scenario.Store, ClockAt(serverTime));
        return await node.VerifyAsync(member.User, member.Phone.GetCodeAt(phoneTime), node.BeginAttempt(), StoreScenario.Token);
    }
}
