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

    /// <summary>
    /// Whether the user should replace an authenticator, because it was imported and its secret may lie in plain text elsewhere. It is
    /// advice: nothing is refused. A replacement ends it, and so does <see cref="MfaOptions.AskToReplaceImported"/> if it is false.
    /// </summary>
    public bool ShouldEnrollAgain { get; internal init; }

    /// <summary>How many unused recovery codes the active set has.</summary>
    public int RecoveryCodesLeft { get; internal init; }

    /// <summary>When the active set was made, in UTC; null if it has no unused code.</summary>
    public DateTimeOffset? RecoveryCodesCreatedAt { get; internal init; }

    /// <summary>Whether the user has said that the active set is saved.</summary>
    public bool AreRecoveryCodesAcknowledged { get; internal init; }

    /// <summary>Whether regenerated codes wait to be acknowledged or used.</summary>
    public bool HasPendingRecoveryCodes { get; internal init; }

    /// <summary>
    /// Whether the active recovery codes are hashed with another cost or pepper than the current settings. It ends when the set is
    /// replaced: by a recovery, unless <see cref="Recovery.RecoveryOptions.RegenerateOnUse"/> is false, or by regenerated codes that are
    /// acknowledged or used.
    /// </summary>
    public bool UsesOldRecoverySettings { get; internal init; }

    /// <summary>
    /// Changes whenever authenticators or sets of recovery codes change, and when MFA is disabled or reset. A failure, a lockout, a sign-in
    /// by an app's code and the use of one of several codes of a set do not change it. Keep it with a sign-in attempt, for
    /// <see cref="MfaService.VerifyAsync"/>. Empty if there is no record.
    /// </summary>
    public Guid BindingVersion { get; internal init; }

    /// <summary>The throttle of authenticator codes on the devices in <see cref="KnownDevices"/>.</summary>
    public FactorStatus TotpOnKnownDevices { get; internal init; } = FactorStatus.Clean;

    /// <summary>The throttle of authenticator codes on all other devices.</summary>
    public FactorStatus TotpOnUnknownDevices { get; internal init; } = FactorStatus.Clean;

    /// <summary>The throttle of recovery codes on the devices in <see cref="KnownDevices"/>.</summary>
    public FactorStatus RecoveryOnKnownDevices { get; internal init; } = FactorStatus.Clean;

    /// <summary>The throttle of recovery codes on all other devices.</summary>
    public FactorStatus RecoveryOnUnknownDevices { get; internal init; } = FactorStatus.Clean;

    /// <summary>
    /// The ids of the devices on which a code was accepted, each with the time of its last accepted code, in UTC; at most 10.
    /// <see cref="MfaService.RevokeKnownDevicesAsync"/> removes them.
    /// </summary>
    public IReadOnlyDictionary<Guid, DateTimeOffset> KnownDevices { get; internal init; } = new Dictionary<Guid, DateTimeOffset>();

    /// <summary>
    /// The known devices on which no code is asked for (<see cref="MfaOptions.RememberBrowserLifetime"/>), each with the time when this
    /// ends, in UTC. <see cref="MfaService.RevokeKnownDevicesAsync"/> ends it earlier.
    /// </summary>
    public IReadOnlyDictionary<Guid, DateTimeOffset> RememberedBrowsers { get; internal init; } = new Dictionary<Guid, DateTimeOffset>();

    /// <summary>The last 32 audit events, newest last.</summary>
    public IReadOnlyList<MfaEvent> RecentEvents { get; internal init; } = [];
}
