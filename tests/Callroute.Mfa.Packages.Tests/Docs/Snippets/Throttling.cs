namespace Callroute.Mfa.Packages.Tests.Docs.Snippets;

internal static class Throttling
{
    public static MfaOptions Options()
    {
        // <options>
        var options = new MfaOptions
        {
            Issuer = "Callroute",
            TotpThrottle = { FreeFailures = 3, FailureAllowance = 20 },
        };
        // </options>
        return options;
    }

    public static async Task<VerificationResult> VerifyAsync(
        MfaService mfa, MfaSubject alice, string typed, AttemptId attempt, Dictionary<string, string> device)
    {
        // <known-device>
        var result = await mfa.VerifyAsync(alice, typed, attempt, knownDevice: device.GetValueOrDefault(alice.UserId));
        if (result.RevealKnownDevice() is { } token)
        {
            device[alice.UserId] = token;      // in a browser: a cookie for each user, Secure, HttpOnly and SameSite=Lax
        }
        // </known-device>
        return result;
    }

    public static string Show(VerificationResult result)
    {
        // <show>
        var text = result.UserMessage switch
        {
            UserMessage.None => "Welcome.",
            UserMessage.TryAgain => "That code is not right. Try again.",
            UserMessage.WaitUntil => $"Wait {result.RetryAfter?.TotalSeconds:0} seconds, and use the code that is shown then.",
            UserMessage.UseAnotherWay => "Use the other kind of code: your recovery code, or a code of the app.",
            UserMessage.StartOver => "Sign in again from the start.",
            _ => "Something is wrong on our side. Try later.",
        };
        // </show>
        return text;
    }
}
