using Callroute.Mfa.Otp;

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
        using var secret = SharedSecret.FromBytes(Base32.Decode(user.Base32Secret, lenient: true), minimumSize: 10);
        var timeStep = Totp.Verify(secret, new TotpParameters(), typed, now, pastSteps: 1, futureSteps: 1);
        if (timeStep is null || timeStep <= user.LastTimeStep)
        {
            return false;
        }

        user.LastTimeStep = timeStep.Value;     // save it where the column is still the old value, before you answer
        return true;
    }
    // </verify-old>
}
