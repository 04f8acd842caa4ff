namespace Callroute.Mfa.Testing.Tests.Zoo.Rules;

/// <summary>Every rule.</summary>
internal static class Suite
{
    public static IReadOnlyList<Rule> Rules { get; } = [.. SingleUseRules.All, .. ThrottleRules.All, .. RecoveryRules.All];

    public static Rule Named(string name) => Rules.Single(rule => rule.Name == name);
}
