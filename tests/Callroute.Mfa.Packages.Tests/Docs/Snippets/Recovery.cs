using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Packages.Tests.Docs.Snippets;

internal static class Recovery
{
    public static async Task<VerificationResult> SignInAsync(
        MfaService mfa, MfaSubject alice, string typed, AttemptId attempt, Action<string> show)
    {
        // <sign-in>
        var result = await mfa.VerifyAsync(alice, typed, attempt);               // the same field and method as for a code of an app
        if (result.ReplacementRecoveryCodes is { } codes)
        {
            show(codes.Reveal()[0]);                                       // the new one: the old one is dead already
            await mfa.AcknowledgeRecoveryCodesAsync(alice, codes.SetId);    // when the user says that it is saved
        }
        // </sign-in>
        return result;
    }

    public static async Task<MfaChangeResult> RegenerateAsync(MfaService mfa, MfaSubject alice, string typed)
    {
        // <regenerate>
        var change = await mfa.RegenerateRecoveryCodesAsync(alice, MfaProof.FromCode(typed, mfa.BeginAttempt()));
        // </regenerate>
        return change;
    }

    public static MfaOptions Options(KeyRing peppers)
    {
        // <options>
        var options = new MfaOptions
        {
            Issuer = "Callroute",
            Recovery = { Count = 10, RegenerateOnUse = false, Peppers = peppers },   // ten codes, each used up alone
        };
        // </options>
        return options;
    }
}
