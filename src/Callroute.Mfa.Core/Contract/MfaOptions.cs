using Callroute.Mfa.Otp;
using Callroute.Mfa.Otp.Vectorized;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa;

/// <summary>Holds the settings of an <see cref="MfaService"/>. Only <see cref="Issuer"/> has no default.</summary>
/// <remarks>
/// Not thread-safe. <see cref="MfaService"/> checks and copies the options when it is created: changing them later has no effect.
/// </remarks>
public sealed class MfaOptions
{
    /// <summary>
    /// The application's name, as authenticator apps show it. <see cref="MfaService.BeginEnrollmentAsync"/> takes another one, for example
    /// for each tenant.
    /// </summary>
    /// <value>
    /// 1–100 characters, at least one of them visible, without a colon, a control character, or a space at either end. Required.
    /// </value>
    public string Issuer { get; set; } = string.Empty;

    /// <summary>The hash algorithm of new authenticators. Existing ones keep theirs.</summary>
    /// <value>The default is SHA-1, the only one that every authenticator app supports.</value>
    public OtpAlgorithm Algorithm { get; set; } = OtpAlgorithm.Sha1;

    /// <summary>The length of the codes of new authenticators. Existing ones keep theirs.</summary>
    /// <value>6–8 digits, or 4–8 with <see cref="AllowShortCodes"/>; the default is 6.</value>
    public int Digits { get; set; } = 6;

    /// <summary>The length of a time step of new authenticators. Existing ones keep theirs.</summary>
    /// <value>15–300 s, whole seconds; the default is 30 s. NIST SP 800-63B-4 §3.1.4.1 asks for at most 120 s.</value>
    public TimeSpan Period { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many time steps before the current one are accepted.</summary>
    /// <value>0–2; the default is 1 (RFC 6238 §5.2).</value>
    public int PastSteps { get; set; } = 1;

    /// <summary>How many time steps after the current one are accepted.</summary>
    /// <value>0–1; the default is 1.</value>
    public int FutureSteps { get; set; } = 1;

    /// <summary>Whether codes of 4 and 5 digits are accepted.</summary>
    /// <value>The default is false: RFC 4226 §5.3 asks for 6 digits or more.</value>
    public bool AllowShortCodes { get; set; }

    /// <summary>How many authenticators a user may have.</summary>
    /// <value>1–5; the default is 2.</value>
    public int MaximumAuthenticators { get; set; } = 2;

    /// <summary>How long an enrolment waits for its first code.</summary>
    /// <value>1 min–1 h; the default is 10 min.</value>
    public TimeSpan EnrollmentLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How many wrong codes end an enrolment.</summary>
    /// <value>1–10; the default is 5.</value>
    public int EnrollmentTries { get; set; } = 5;

    /// <summary>The age up to which a receipt proves a change.</summary>
    /// <value>1 min–1 h; the default is 10 min.</value>
    public TimeSpan StepUpAge { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a device stays known after a code was accepted there.</summary>
    /// <value>1–365 days; the default is 90 days. A later accepted code on the device begins it anew.</value>
    public TimeSpan KnownDeviceLifetime { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// How long a user who asks for it is asked for no code on a browser, after a code of an app was accepted there. Whoever uses that
    /// browser then needs only the password.
    /// </summary>
    /// <value>
    /// 1–30 days, at most <see cref="KnownDeviceLifetime"/>; the default is null: a code is asked for at each sign-in. A shorter value, and
    /// null, count at once for browsers that are remembered already.
    /// </value>
    public TimeSpan? RememberBrowserLifetime { get; set; }

    /// <summary>
    /// Whether <see cref="MfaStatus.ShouldEnrollAgain"/> asks users to replace an imported authenticator. Its secret was in another system,
    /// perhaps in plain text.
    /// </summary>
    /// <value>The default is true.</value>
    public bool AskToReplaceImported { get; set; } = true;

    /// <summary>How long a caller waits for a method of <see cref="MfaService"/>, from its call to its result.</summary>
    /// <value>
    /// 1 s–1 min; the default is 5 s. It includes connecting, reading, writing, hashing, and the retries of drivers. A store must not block
    /// the thread of its caller: the bound ends only waits that are asynchronous.
    /// </value>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How failed codes of authenticator apps are throttled.</summary>
    /// <value>The default locks out at 20 failures in a row.</value>
    public ThrottleOptions TotpThrottle { get; private set; } = new() { LockoutThreshold = 20 };

    /// <summary>How failed recovery codes are throttled.</summary>
    /// <value>The default locks out at 100 failures in a row.</value>
    public ThrottleOptions RecoveryThrottle { get; private set; } = new();

    /// <summary>How recovery codes are issued.</summary>
    /// <value>The default is one code, replaced on use, without a pepper.</value>
    public RecoveryOptions Recovery { get; private set; } = new();

    /// <summary>Whether codes are computed by the library's own vectorised HMAC instead of the platform's validated one.</summary>
    /// <value>
    /// The default is the <see cref="AppContext"/> switch <c>Callroute.Mfa.VectorizedHmac</c>, or false when it is not set.
    /// It is several times faster and gives the same codes. For SHA-256 and SHA-512, and without hardware acceleration of vectors, the
    /// platform's HMAC is used.
    /// </value>
    public bool UseVectorizedHmac { get; set; } = VectorizedHmac.IsSwitchedOn;

    /// <summary>Called after an event is durable, to notify users and to log.</summary>
    /// <value>
    /// The default is null. The service awaits it, so it should be quick. An exception that it throws is counted in
    /// <c>callroute.mfa.event_handler.failures</c> and recorded in the trace. It does not change the answer.
    /// </value>
    public Func<MfaSubject, MfaEvent, ValueTask>? OnEvent { get; set; }

    /// <summary>
    /// Called to write "is enrolled" into the application's own user row: after a user has enrolled, after a disable, after a reset that
    /// allows the password alone, before an erasure, and when a sign-in finds that the row is wrong. Nothing else may write the value.
    /// </summary>
    /// <value>
    /// The default is null; <see cref="MfaService.GetSignInRequirementAsync"/> needs it. It gets the subject, and whether the subject is
    /// enrolled. It may be called twice with the same value, must do nothing for a user without a row, and must return only when the write
    /// is durable. If it throws, the exception is counted in <c>callroute.mfa.event_handler.failures</c>. For 24 h, every sign-in and every
    /// change calls it again. An exception before an erasure goes to the caller instead.
    /// </value>
    public Func<MfaSubject, bool, ValueTask>? OnEnrolledChanged { get; set; }

    /// <summary>
    /// The chance that an attacker guesses a code within a year under these settings. The attacker knows the password and has a token of a
    /// known device. The user has as many authenticators as <see cref="MaximumAuthenticators"/> allows. Codes of existing authenticators
    /// with fewer digits are easier to guess.
    /// </summary>
    /// <value>
    /// 0–1; with the defaults 0.0018. Above 0.01 a <see cref="MfaService"/> cannot be created. Above 0.002,
    /// <c>Callroute.Mfa.AspNetCore</c> logs a warning.
    /// </value>
    public double GuessingChance
    {
        get
        {
            const int GroupsOfDevices = 2;
            var perGuess = MaximumAuthenticators * (PastSteps + FutureSteps + 1) / Math.Pow(10, Digits);
            return 1 - Math.Pow(Math.Max(1 - perGuess, 0), GroupsOfDevices * TotpThrottle.FailuresPerYear);
        }
    }

    internal TotpParameters Parameters => new() { Algorithm = Algorithm, Digits = Digits, Period = Period };

    /// <summary>Whether codes of this length are accepted.</summary>
    internal bool Accepts(int digits) => digits >= (AllowShortCodes ? HmacOtp.MinimumDigits : 6);

    /// <summary>Checks every setting.</summary>
    /// <returns>One sentence for each error, with the setting's path, range and value; empty when all settings are valid.</returns>
    public IReadOnlyList<string> Validate() => MfaOptionsCheck.FindErrors(this);

    internal MfaOptions Copy()
    {
        var copy = (MfaOptions)MemberwiseClone();
        copy.TotpThrottle = TotpThrottle.Copy();
        copy.RecoveryThrottle = RecoveryThrottle.Copy();
        copy.Recovery = Recovery.Copy();
        return copy;
    }
}
