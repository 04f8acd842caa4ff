using Callroute.Mfa.Otp;
using Callroute.Mfa.Testing.Tests.Zoo.Bench;

namespace Callroute.Mfa.Testing.Tests.Zoo.Rules;

/// <summary>A rule that every implementation must keep.</summary>
/// <param name="Name">The statement of the rule.</param>
/// <param name="CheckAsync">Throws <see cref="RuleBrokenException"/> if the rule is broken.</param>
internal sealed record Rule(string Name, Func<SignInBench, Task> CheckAsync)
{
    public static IReadOnlyList<Rule> All { get; } = [.. SingleUseRules.All, .. ThrottleRules.All, .. RecoveryRules.All];

    public TotpParameters Parameters { get; init; } = new TotpParameters();

    /// <summary>Whether the rule looks for a race, so that one run may miss it.</summary>
    public bool IsRace { get; init; }

    public static Rule Named(string name) => All.Single(rule => rule.Name == name);

    /// <returns>How an implementation breaks the rule; null if it keeps it.</returns>
    public async Task<string?> FindBreachAsync(Func<Setup, ISignIn> open)
    {
        var setup = new Setup { Parameters = Parameters };
        try
        {
            await CheckAsync(new SignInBench(setup, open(setup)));
            return null;
        }
        catch (RuleBrokenException breach)
        {
            return breach.Message;
        }
    }
}
