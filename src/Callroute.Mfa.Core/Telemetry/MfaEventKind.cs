namespace Callroute.Mfa.Telemetry;

/// <summary>Names what happened to a subject's MFA.</summary>
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

    /// <summary>A wrong code was refused and charged; repeats are counted in one event.</summary>
    Refused,

    /// <summary>A code that was used before was refused. Not kept in the record.</summary>
    Replayed,

    /// <summary>A right code was refused because the server's clock is behind the last accepted one. Not kept in the record.</summary>
    ClockBehind,

    /// <summary>Consecutive failures reached the number that starts waits. Notify the user.</summary>
    ThrottlingStarted,

    /// <summary>A factor was suspended. Notify the user.</summary>
    FactorLockedOut,

    /// <summary>New recovery codes were issued. Notify the user.</summary>
    RecoveryCodesIssued,

    /// <summary>The user said that the recovery codes are saved.</summary>
    RecoveryCodesAcknowledged,

    /// <summary>MFA was disabled by the user. Notify the user.</summary>
    Disabled,

    /// <summary>MFA was reset by an administrator. Notify the user.</summary>
    Reset,

    /// <summary>All data was erased. Not kept, as nothing is.</summary>
    Erased,

    /// <summary>Something that a newer version of the library wrote and this one does not know; without a time, something that cannot be read.</summary>
    Other,
}
