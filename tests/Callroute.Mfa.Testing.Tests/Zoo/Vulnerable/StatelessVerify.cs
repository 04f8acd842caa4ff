using Callroute.Mfa.Testing.Tests.Zoo.Bench;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>Remembers no code: a match is a sign-in, as often as it comes (Laravel Fortify before 1.11.1, Vikunja, and many others).</summary>
internal sealed class StatelessVerify(Setup setup) : Miniature(setup)
{
    protected override Answer Consume(Account account, long? match, string code) => match is null ? Answer.Wrong : Answer.Accepted;
}
