using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa;

/// <summary>Tells what is known about a subject's MFA. Holds no secret and no hash.</summary>
public sealed record MfaStatus
{
    /// <summary>Whether an authenticator is bound.</summary>
    public required bool IsEnabled { get; init; }

    /// <summary>The bound authenticators.</summary>
    public required IReadOnlyList<AuthenticatorStatus> Authenticators { get; init; }

    /// <summary>When the enrolment that waits for its first code ends, in UTC; null where none waits.</summary>
    public DateTimeOffset? EnrollmentExpiresAt { get; init; }

    /// <summary>How many unused recovery codes the active set has.</summary>
    public required int RecoveryCodesLeft { get; init; }

    /// <summary>Whether the user said that the active set is saved.</summary>
    public required bool AreRecoveryCodesAcknowledged { get; init; }

    /// <summary>Whether a set made by hand waits to be acknowledged or used.</summary>
    public required bool HasPendingRecoveryCodes { get; init; }

    /// <summary>The throttle of authenticator codes.</summary>
    public required FactorStatus Totp { get; init; }

    /// <summary>The throttle of recovery codes.</summary>
    public required FactorStatus Recovery { get; init; }

    /// <summary>The last 32 audit events, newest last.</summary>
    public required IReadOnlyList<MfaEvent> RecentEvents { get; init; }
}
