using Callroute.Mfa;
using Callroute.Mfa.AspNetCore;
using Callroute.Mfa.Telemetry;

namespace Callroute.Portal.Users;

/// <summary>Ends a user's sessions when an administrator resets their MFA: one of them may be the thief's.</summary>
internal sealed class SessionEnd(UserTable users) : IMfaEventListener
{
    public async ValueTask OnEventAsync(MfaSubject subject, MfaEvent happened)
    {
        if (happened.Kind == MfaEventKind.Reset)
        {
            await users.EndSessionsAsync(subject.UserId);
        }
    }
}
