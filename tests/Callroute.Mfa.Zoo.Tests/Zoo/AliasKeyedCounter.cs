using Callroute.Mfa.Zoo.Tests.Bench;

namespace Callroute.Mfa.Zoo.Tests.Zoo;

/// <summary>Counts failures under the name that was typed: name and e-mail address have guesses each (Authelia).</summary>
internal sealed class AliasKeyedCounter(Setup setup) : Miniature(setup)
{
    protected override string CounterOf(string login, AttemptId session) => login;
}
