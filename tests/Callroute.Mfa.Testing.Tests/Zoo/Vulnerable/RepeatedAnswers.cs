using Callroute.Mfa.Testing.Tests.Zoo.Bench;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>Answers a used recovery code again after the user signed out: the next user of the browser goes back and is in.</summary>
internal sealed class AnswerAfterSignOut(Setup setup) : Miniature(setup)
{
    protected override void ForgetAnswer(Account account)
    {
    }
}

/// <summary>Shows the recovery codes only in the first response: if it gets lost, the user has none and does not know it.</summary>
internal sealed class CodesOfFirstResponseOnly(Setup setup) : Miniature(setup)
{
    protected override IReadOnlyList<string> ConfirmAgain(Account account) => [];
}
