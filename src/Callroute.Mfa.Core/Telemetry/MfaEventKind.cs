namespace Callroute.Mfa.Telemetry;

/// <summary>Names the kinds of audit events.</summary>
public enum MfaEventKind
{
    /// <summary>An enrolment was begun; nothing is bound yet.</summary>
    EnrollmentStarted,

    /// <summary>An authenticator was bound: its first code was confirmed. NIST asks to notify the user.</summary>
    AuthenticatorBound,

    /// <summary>An authenticator was removed or replaced. Notify the user.</summary>
    AuthenticatorRemoved,

    /// <summary>A code was accepted.</summary>
    Accepted,

    /// <summary>A wrong code was refused and counted as a failure. Repeats are counted in one event.</summary>
    Refused,

    /// <summary>A code that was used before was refused. It is not stored in the record.</summary>
    Replayed,

    /// <summary>
    /// A right code was refused because the server's clock is behind the last accepted one. It is not stored in the record.
    /// </summary>
    ClockBehind,

    /// <summary>Consecutive failures reached the number at which waits begin. Notify the user.</summary>
    ThrottlingStarted,

    /// <summary>A factor was locked out. Notify the user.</summary>
    FactorLockedOut,

    /// <summary>New recovery codes were issued. Notify the user.</summary>
    RecoveryCodesIssued,

    /// <summary>The user said that the recovery codes are saved.</summary>
    RecoveryCodesAcknowledged,

    /// <summary>MFA was disabled by the user. Notify the user.</summary>
    Disabled,

    /// <summary>MFA was reset by an administrator. Notify the user.</summary>
    Reset,

    /// <summary>All data was erased. It is not stored, as no record is left.</summary>
    Erased,

    /// <summary>
    /// The failures of a factor have used up the allowance of a group of devices, which is regained over time. Notify the user.
    /// </summary>
    AllowanceUsedUp,

    /// <summary>An administrator ended waits and lockouts. Notify the user.</summary>
    Unlocked,

    /// <summary>The user made known devices unknown. Notify the user.</summary>
    KnownDevicesRevoked,

    /// <summary>An authenticator of another system was imported. If its secret is short, the reason says so.</summary>
    AuthenticatorImported,

    /// <summary>Recovery codes of another system were imported.</summary>
    RecoveryCodesImported,

    /// <summary>The user gave an authenticator another name. Repeats are counted in one event.</summary>
    AuthenticatorRenamed,

    /// <summary>The user asked for no code on this browser for a while. Notify the user.</summary>
    BrowserRemembered,

    /// <summary>A remembered browser was let in without a code. Repeats are counted in one event.</summary>
    RememberedBrowserAccepted,

    /// <summary>
    /// A kind that a newer version of the library wrote and this version does not know. If it has no time, the stored event cannot be read.
    /// </summary>
    Other,
}
