using Callroute.Mfa.Otp;
using Callroute.Mfa.Testing.Tests.Zoo.Bench;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>Takes the first step of the window that matches: where two steps have one code, the later one stays open, and a fresh code can be taken for a used one (Trilium).</summary>
internal sealed class LowestMatchingStepBurn(Setup setup) : Miniature(setup)
{
    protected override long? Match(SharedSecret secret, string code)
    {
        for (var drift = -Setup.StepsEachWay; drift <= Setup.StepsEachWay; drift++)
        {
            if (Totp.Verify(secret, Setup.Parameters, code, Setup.Clock.GetUtcNow() + drift * Setup.Parameters.Period, 0, 0) is { } match)
            {
                return match;
            }
        }

        return null;
    }
}
