namespace Callroute.Mfa;

/// <summary>Names the reason why a code was refused, for logs. Show <see cref="VerificationResult.UserMessage"/> to the user.</summary>
public enum RefusalReason
{
    /// <summary>The code is wrong. Counted as a failure.</summary>
    WrongCode,

    /// <summary>The code was used before. Not counted.</summary>
    Replayed,

    /// <summary>
    /// The server's clock is behind the last accepted code, or more than 5 minutes behind the record's last write. Not counted.
    /// </summary>
    ClockBehind,

    /// <summary>The input does not have the form of a code. Not counted.</summary>
    Malformed,

    /// <summary>
    /// Too many failures. Codes are refused without a check until <see cref="VerificationResult.RetryAfter"/> has passed.
    /// </summary>
    Throttled,

    /// <summary>
    /// The factor is locked out on this device: for <see cref="VerificationResult.RetryAfter"/>, or, if that is null, until it is
    /// unlocked or bound again.
    /// </summary>
    LockedOut,

    /// <summary>The subject has no MFA, or no factor of this kind.</summary>
    NotEnrolled,

    /// <summary>
    /// The attempt has already succeeded, or authenticators or recovery codes have changed since it began: begin a new one.
    /// </summary>
    AttemptSpent,

    /// <summary>Too many recovery codes are being hashed. Not counted.</summary>
    Busy,

    /// <summary>
    /// Something failed, such as the store, a key or the hasher, so the outcome is unknown; see <see cref="VerificationResult.Cause"/>.
    /// </summary>
    Unavailable,
}
