using Callroute.Mfa.Otp;
using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Packages.Tests.Docs.Snippets;

internal static class Upgrade
{
    // <old-user>
    public sealed class OldUser
    {
        public required string Base32Secret { get; init; }

        public long LastTimeStep { get; set; } = -1;       // a new column: the last step that was accepted
    }
    // </old-user>

    // <verify-old>
    public static bool VerifyOld(OldUser user, string? typed, DateTimeOffset now)
    {
        using var secret = SharedSecret.FromBytes(Base32.Decode(user.Base32Secret, Base32Format.Pasted), minimumSize: 10);
        if (Totp.Verify(secret, TotpParameters.Default, typed, now, TimeWindow.OneStep) is not { } match || match.TimeStep <= user.LastTimeStep)
        {
            return false;
        }

        user.LastTimeStep = match.TimeStep;     // save it where the column is still the old value, before you answer
        return true;
    }
    // </verify-old>
}
