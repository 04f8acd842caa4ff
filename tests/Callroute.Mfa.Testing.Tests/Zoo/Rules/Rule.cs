using Callroute.Mfa.Otp;
using Callroute.Mfa.Testing.Tests.Zoo.Bench;

namespace Callroute.Mfa.Testing.Tests.Zoo.Rules;

/// <summary>A rule that every implementation must keep.</summary>
/// <param name="Name">What holds.</param>
/// <param name="Bars">The acceptance bars that it stands for.</param>
/// <param name="CheckAsync">Throws <see cref="RuleBrokenException"/> where the rule is broken.</param>
internal sealed record Rule(string Name, string Bars, Func<SignInBench, Task> CheckAsync)
{
    public TotpParameters Parameters { get; init; } = TotpParameters.Default;

    /// <summary>Whether the rule looks for a race, so that one run may miss it.</summary>
    public bool IsRace { get; init; }

    /// <summary>Tells how an implementation breaks the rule; null where it keeps it.</summary>
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
