using Callroute.Mfa.Testing.Tests.Zoo.Bench;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>Treats a reset user as one who never had MFA: the thief of the password signs in first.</summary>
internal sealed class ResetOpens(Setup setup) : Miniature(setup)
{
    protected override bool IsPasswordEnough(Account? account, bool isEnrolled) =>
        account is { IsReset: true } || base.IsPasswordEnough(account, isEnrolled);
}

/// <summary>Asks only its own record: without one, the user has no MFA.</summary>
internal sealed class MissingRecordOpens(Setup setup) : Miniature(setup)
{
    protected override bool IsPasswordEnough(Account? account, bool isEnrolled) => account is null;
}
