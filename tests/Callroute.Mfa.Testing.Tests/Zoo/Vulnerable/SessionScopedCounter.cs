using Callroute.Mfa.Testing.Tests.Zoo.Bench;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>Counts failures in the session: a new session has new guesses (AuthQuake, Microsoft Entra).</summary>
internal sealed class SessionScopedCounter(Setup setup) : Miniature(setup)
{
    protected override string CounterOf(string login, AttemptId session) => session.ToString();
}
