using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa;

/// <summary>Describes a subject's MFA. It contains no secret and no hash.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class MfaStatus
{
    internal MfaStatus()
    {
    }

    /// <summary>Whether an authenticator is bound.</summary>
    public bool IsEnabled { get; internal init; }

    /// <summary>The bound authenticators.</summary>
    public IReadOnlyList<AuthenticatorStatus> Authenticators { get; internal init; } = [];

    /// <summary>When the unconfirmed enrolment expires, in UTC; null if there is none.</summary>
    public DateTimeOffset? EnrollmentExpiresAt { get; internal init; }

    /// <summary>How many unused recovery codes the active set has.</summary>
    public int RecoveryCodesLeft { get; internal init; }

    /// <summary>Whether the user has said that the active set is saved.</summary>
    public bool AreRecoveryCodesAcknowledged { get; internal init; }

    /// <summary>Whether regenerated codes wait to be acknowledged or used.</summary>
    public bool HasPendingRecoveryCodes { get; internal init; }

    /// <summary>The throttle of authenticator codes.</summary>
    public FactorStatus Totp { get; internal init; } = new(0, null, false);

    /// <summary>The throttle of recovery codes.</summary>
    public FactorStatus Recovery { get; internal init; } = new(0, null, false);

    /// <summary>The last 32 audit events, newest last.</summary>
    public IReadOnlyList<MfaEvent> RecentEvents { get; internal init; } = [];
}
