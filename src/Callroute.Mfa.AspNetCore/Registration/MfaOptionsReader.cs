using Callroute.Mfa.Otp;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Turns settings into the options of the service, which check themselves.</summary>
internal static class MfaOptionsReader
{
    /// <exception cref="ArgumentException">A setting is out of its range; the parameter's name is that of <see cref="MfaOptions"/>.</exception>
    public static MfaOptions Read(MfaSettings settings, Func<MfaSubject, MfaEvent, ValueTask>? onEvent) => new()
    {
        Issuer = settings.Issuer,
        Parameters = new TotpParameters { Algorithm = settings.Algorithm, Digits = settings.Digits, Period = settings.Period },
        PastSteps = settings.PastSteps,
        FutureSteps = settings.FutureSteps,
        AllowShortCodes = settings.AllowShortCodes,
        MaximumAuthenticators = settings.MaximumAuthenticators,
        EnrollmentLifetime = settings.EnrollmentLifetime,
        EnrollmentTries = settings.EnrollmentTries,
        StepUpAge = settings.StepUpAge,
        TotpThrottle = settings.TotpThrottle.ToPolicy(),
        RecoveryThrottle = settings.RecoveryThrottle.ToPolicy(),
        Recovery = new RecoveryOptions { Count = settings.RecoveryCodeCount, RegenerateOnUse = settings.RegenerateOnUse, Peppers = settings.Peppers },
        OnEvent = onEvent,
    };
}
