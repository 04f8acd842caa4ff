using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing.Tests.Zoo.Bench;
using Callroute.Mfa.Testing.Tests.Zoo.Rules;
using Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

namespace Callroute.Mfa.Testing.Tests.Zoo;

/// <summary>The suite accepts what is right and rejects every broken implementation of the zoo.</summary>
public sealed class SuiteTests(ITestOutputHelper output)
{
    public static TheoryData<string> RuleNames => [.. Suite.Rules.Select(rule => rule.Name)];

    public static TheoryData<string> RaceNames => [.. Suite.Rules.Where(rule => rule.IsRace).Select(rule => rule.Name)];

    public static TheoryData<string> MemberNames => [.. Members.All.Select(member => member.Name)];

    public static TheoryData<string> RacyMemberNames => [.. Members.All.Where(member => member.IsRace).Select(member => member.Name)];

    private static ISignIn OpenReal(Setup setup)
    {
        var store = new InMemoryMfaStore();
        return new RealSignIn(setup, () => store);
    }

    private static ISignIn OpenRealBehindReadCaches(Setup setup)
    {
        var store = new InMemoryMfaStore();
        return new RealSignIn(setup, () => new ReadCacheStore(store, setup.Clock));
    }

    private static bool IsCertain(string rule) => !Suite.Named(rule).IsRace;

    [Theory]
    [MemberData(nameof(RuleNames))]
    public async Task Suite_RealService_KeepsEveryRule(string rule) => Assert.Null(await Suite.Named(rule).FindBreachAsync(OpenReal));

    [Theory]
    [MemberData(nameof(RuleNames))]
    public async Task Suite_RealServiceBehindReadCaches_KeepsEveryRule(string rule) => Assert.Null(await Suite.Named(rule).FindBreachAsync(OpenRealBehindReadCaches));

    // The members are this miniature with one wrong step, so what rejects them is that step.
    [Theory]
    [MemberData(nameof(RuleNames))]
    public async Task Suite_Miniature_KeepsEveryRule(string rule) => Assert.Null(await Suite.Named(rule).FindBreachAsync(setup => new Miniature(setup)));

    [Theory]
    [MemberData(nameof(MemberNames))]
    public async Task Suite_Member_IsRejectedByTheRulesThatItBreaks(string name)
    {
        var member = Members.Named(name);
        var rejecting = new List<string>();
        foreach (var rule in Suite.Rules)
        {
            if (await rule.FindBreachAsync(member.Open) is { } breach)
            {
                rejecting.Add(rule.Name);
                output.WriteLine($"{rule.Name} ({rule.Bars}): {breach}");
            }
        }

        Assert.Contains(member.RejectedBy, rejecting);
        // A race may be missed where it is not the rule that names the defect.
        Assert.Equal(member.Breaks.Where(IsCertain).Order(), rejecting.Where(IsCertain).Order());
        Assert.Empty(rejecting.Except(member.Breaks));
    }

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void Suite_EveryRule_RejectsAMember(string rule) => Assert.Contains(rule, Members.All.SelectMany(member => member.Breaks));

    [Theory]
    [MemberData(nameof(RacyMemberNames))]
    public async Task Suite_RacyMember_IsRejectedInAtLeast99OfAHundredRuns(string name)
    {
        var member = Members.Named(name);

        var rejected = await ZooRuns.CountAsync(async () => await Suite.Named(member.RejectedBy).FindBreachAsync(member.Open) is not null);

        output.WriteLine($"{name}: rejected in {rejected} of {ZooRuns.Count} runs");
        Assert.True(rejected * 100 >= ZooRuns.Count * 99, $"Rejected in {rejected} of {ZooRuns.Count} runs.");
    }

    [Theory]
    [MemberData(nameof(RaceNames))]
    public async Task Suite_RealService_IsNeverRejectedByARace(string rule)
    {
        var rejected = await ZooRuns.CountAsync(async () => await Suite.Named(rule).FindBreachAsync(OpenReal) is not null);

        output.WriteLine($"{rule}: the real service rejected in {rejected} of {ZooRuns.Count} runs");
        Assert.Equal(0, rejected);
    }
}
