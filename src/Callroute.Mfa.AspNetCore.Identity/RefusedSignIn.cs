using Microsoft.AspNetCore.Identity;

namespace Callroute.Mfa.AspNetCore.Identity;

/// <summary>A refusal with its reason. MapIdentityApi puts the text into the detail of its problem.</summary>
internal sealed class RefusedSignIn : SignInResult
{
    private readonly string _reason;

    // The page "Lockout" says to try later, which is right for everything that another code would not help.
    public RefusedSignIn(CodeAnswer answer) => (_reason, IsLockedOut) = (answer.Reason!, answer.IsWait);

    public override string ToString() => _reason;
}
