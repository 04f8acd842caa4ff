using Callroute.Mfa.Testing.Tests.Zoo.Bench;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>Checks the code that confirms the enrolment and does not consume it (Infisical's setup path).</summary>
internal sealed class EnrollmentCodeNotConsumed(Setup setup) : Miniature(setup)
{
    protected override void Confirm(Account account, long? match, string code)
    {
    }
}
