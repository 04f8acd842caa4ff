using Callroute.Mfa.Testing.Tests.Zoo.Bench;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>Counts failures under the name that was typed: name and e-mail address have guesses each (Authelia).</summary>
internal sealed class AliasKeyedCounter(Setup setup) : Miniature(setup)
{
    protected override string CounterOf(string login, AttemptId session) => login;
}
