using Callroute.Mfa.Otp;
using Callroute.Mfa.Otp.Vectorized;
using Callroute.Mfa.Provisioning;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa;

/// <summary>Holds the settings of an <see cref="MfaService"/>. Only the issuer has no default.</summary>
/// <remarks>Immutable and thread-safe; every property is checked where it is set, what depends on another in <see cref="MfaService"/>.</remarks>
public sealed record MfaOptions
{
    /// <summary>The application's name in the user's authenticator app.</summary>
    /// <value>1–100 characters without a colon or control character.</value>
    /// <exception cref="ArgumentException">The value has the wrong form.</exception>
    public required string Issuer
    {
        get;
        init => field = ProvisioningUri.Name(value, ProvisioningUri.MaximumIssuerLength, nameof(Issuer));
    }

    /// <summary>The parameters of new authenticators. Bound ones keep their own.</summary>
    /// <value>The default is SHA-1, 6 digits and 30 s. T0 must be the Unix epoch, which is all that an otpauth URI can say.</value>
    /// <exception cref="ArgumentException">T0 is not the Unix epoch.</exception>
    public TotpParameters Parameters
    {
        get;
        init => field = ProvisioningUri.Expressible(value, nameof(Parameters));
    } = new();

    /// <summary>How many time steps before the current one are accepted (RFC 6238 §5.2).</summary>
    /// <value>0–2; the default is 1.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 0–2.</exception>
    public int PastSteps { get; init => field = Guard.InRange(value, 0, 2, nameof(PastSteps)); } = 1;

    /// <summary>How many time steps after the current one are accepted, for clocks that are fast.</summary>
    /// <value>0–1; the default is 1.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 0–1.</exception>
    public int FutureSteps { get; init => field = Guard.InRange(value, 0, 1, nameof(FutureSteps)); } = 1;

    /// <summary>Whether codes of 4 and 5 digits are read at all.</summary>
    /// <value>The default is false: RFC 4226 §5.3 asks for 6 digits or more.</value>
    public bool AllowShortCodes { get; init; }

    /// <summary>How many authenticators a user may have.</summary>
    /// <value>1–5; the default is 2.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 1–5.</exception>
    public int MaximumAuthenticators { get; init => field = Guard.InRange(value, 1, 5, nameof(MaximumAuthenticators)); } = 2;

    /// <summary>How long an enrolment waits for its first code.</summary>
    /// <value>1 min–1 h; the default is 10 min.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 1 min–1 h.</exception>
    public TimeSpan EnrollmentLifetime { get; init => field = Guard.InRange(value, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), nameof(EnrollmentLifetime)); } = TimeSpan.FromMinutes(10);

    /// <summary>How many wrong codes end an enrolment.</summary>
    /// <value>1–10; the default is 5.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 1–10.</exception>
    public int EnrollmentTries { get; init => field = Guard.InRange(value, 1, 10, nameof(EnrollmentTries)); } = 5;

    /// <summary>How old a receipt may be to serve as proof for a change.</summary>
    /// <value>1 min–1 h; the default is 10 min.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 1 min–1 h.</exception>
    public TimeSpan StepUpAge { get; init => field = Guard.InRange(value, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), nameof(StepUpAge)); } = TimeSpan.FromMinutes(10);

    /// <summary>How failures of authenticator codes are throttled.</summary>
    /// <value>The default is <see cref="ThrottlePolicy.Totp"/>.</value>
    public ThrottlePolicy TotpThrottle { get; init => field = Guard.NotNull(value, nameof(TotpThrottle)); } = ThrottlePolicy.Totp;

    /// <summary>How failures of recovery codes are throttled.</summary>
    /// <value>The default is <see cref="ThrottlePolicy.Recovery"/>.</value>
    public ThrottlePolicy RecoveryThrottle { get; init => field = Guard.NotNull(value, nameof(RecoveryThrottle)); } = ThrottlePolicy.Recovery;

    /// <summary>How recovery codes are issued.</summary>
    /// <value>The default is one code, replaced on use, without a pepper.</value>
    public RecoveryOptions Recovery { get; init => field = Guard.NotNull(value, nameof(Recovery)); } = new();

    /// <summary>Whether codes are computed by the library's own vectorised HMAC instead of the platform's validated one.</summary>
    /// <value>
    /// The default is what the <see cref="AppContext"/> switch <c>Callroute.Mfa.VectorizedHmac</c> says, and false without it.
    /// It is several times faster and gives the same codes; where vectors are not accelerated, the platform's is used.
    /// </value>
    public bool UseVectorizedHmac { get; init; } = VectorizedHmac.IsSwitchedOn;

    /// <summary>Called after an event is durable, to notify users and to log.</summary>
    /// <value>
    /// The default is null. It is awaited, so it should be quick. What it throws is counted in
    /// <c>callroute.mfa.event_handler.failures</c> and recorded in the trace, and changes no answer.
    /// </value>
    public Func<MfaSubject, MfaEvent, ValueTask>? OnEvent { get; init; }
}
