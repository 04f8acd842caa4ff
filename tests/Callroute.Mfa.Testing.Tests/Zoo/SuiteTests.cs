using System.Globalization;
using Callroute.Mfa.Testing.Tests.Broken;
using Callroute.Mfa.Testing.Tests.Zoo.Rules;
using Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

namespace Callroute.Mfa.Testing.Tests.Zoo;

/// <summary>The suite accepts correct implementations and rejects every broken one of the zoo.</summary>
public sealed class SuiteTests(ITestOutputHelper output)
{
    /// <summary>The number of runs of the tests for races.</summary>
    internal static readonly int Runs =
        int.Parse(Environment.GetEnvironmentVariable("CALLROUTE_ZOO_RUNS") ?? "1", CultureInfo.InvariantCulture);

    public static TheoryData<string> RuleNames => [.. Rule.All.Select(rule => rule.Name)];

    public static TheoryData<string> MemberNames => [.. ZooMember.All.Select(member => member.Name)];

    public static TheoryData<string> RacyMemberNames => [.. ZooMember.All.Where(member => member.IsRace).Select(member => member.Name)];

    [Theory]
    [MemberData(nameof(RuleNames))]
    public async Task Suite_RealService_KeepsEveryRule(string rule)
    {
        for (var run = 0; run < (Rule.Named(rule).IsRace ? Runs : 1); run++)
        {
            Assert.Null(await Rule.Named(rule).FindBreachAsync(setup => ZooMember.OverStore(setup, data => data)));
        }
    }

    [Theory]
    [MemberData(nameof(RuleNames))]
    public async Task Suite_RealServiceBehindReadCaches_KeepsEveryRule(string rule) =>
        Assert.Null(await Rule.Named(rule).FindBreachAsync(
            setup => ZooMember.OverStores(setup, data => BrokenStores.ReadCacheStore(data, setup.Clock))));

    // The members are this miniature with one wrong step, so the suite rejects that step.
    [Theory]
    [MemberData(nameof(RuleNames))]
    public async Task Suite_Miniature_KeepsEveryRule(string rule) =>
        Assert.Null(await Rule.Named(rule).FindBreachAsync(setup => new Miniature(setup)));

    [Theory]
    [MemberData(nameof(MemberNames))]
    public async Task Suite_Member_IsRejectedByTheRulesThatItBreaks(string name)
    {
        var member = ZooMember.Named(name);
        var rejecting = new List<string>();
        foreach (var rule in Rule.All)
        {
            if (await rule.FindBreachAsync(member.Open) is { } breach)
            {
                rejecting.Add(rule.Name);
                output.WriteLine($"{rule.Name}: {breach}");
            }
        }

        Assert.Contains(member.Breaks[0], rejecting);
        // One run may miss a race, unless it is the rule that names the defect.
        Assert.Equal(member.Breaks.Where(IsCertain).Order(), rejecting.Where(IsCertain).Order());
        Assert.Empty(rejecting.Except(member.Breaks));
    }

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void Suite_EveryRule_RejectsAMember(string rule) => Assert.Contains(rule, ZooMember.All.SelectMany(member => member.Breaks));

    [Theory]
    [MemberData(nameof(RacyMemberNames))]
    public async Task Suite_RacyMember_IsRejectedInAtLeast99OfAHundredRuns(string name)
    {
        var member = ZooMember.Named(name);

        await AssertRejectedAsync(async () => await Rule.Named(member.Breaks[0]).FindBreachAsync(member.Open) is not null);
    }

    internal static async Task AssertRejectedAsync(Func<Task<bool>> isRejectedAsync)
    {
        var rejected = 0;
        for (var run = 0; run < Runs; run++)
        {
            rejected += await isRejectedAsync() ? 1 : 0;
        }

        Assert.True(rejected * 100 >= Runs * 99, $"Rejected in {rejected} of {Runs} runs.");
    }

    private static bool IsCertain(string rule) => !Rule.Named(rule).IsRace;
}
