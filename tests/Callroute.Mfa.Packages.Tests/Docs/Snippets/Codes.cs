using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Packages.Tests.Docs.Snippets;

internal static class Codes
{
    public static MfaOptions Options()
    {
        // <options>
        var options = new MfaOptions
        {
            Issuer = "Callroute",
            Algorithm = OtpAlgorithm.Sha256,   // of new authenticators; existing ones keep theirs
            Digits = 8,
            PastSteps = 0,                     // accept the current time step only
            FutureSteps = 0,
        };
        // </options>
        return options;
    }

    public static async Task<(VerificationResult First, VerificationResult Again)> VerifyTwiceAsync(
        MfaService mfa, MfaSubject alice, string typed)
    {
        // <consume>
        var first = await mfa.VerifyAsync(alice, typed, mfa.BeginAttempt());   // accepted, and by that consumed
        var again = await mfa.VerifyAsync(alice, typed, mfa.BeginAttempt());   // refused as Replayed, on every node and after every restart
        // </consume>
        return (first, again);
    }
}
