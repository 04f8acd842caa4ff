namespace Callroute.Mfa;

/// <summary>Says why a code was refused: for logs. Show <see cref="VerificationResult.UserMessage"/> instead.</summary>
public enum RefusalReason
{
    /// <summary>The code is wrong. Charged.</summary>
    WrongCode,

    /// <summary>The code was used before. Not charged.</summary>
    Replayed,

    /// <summary>The code is right, but the server's clock is behind the last accepted code. Not charged.</summary>
    ClockBehind,

    /// <summary>The input has the form of no code. Not charged.</summary>
    Malformed,

    /// <summary>Too many failures: nothing is looked at until <see cref="VerificationResult.RetryAfter"/> has passed.</summary>
    Throttled,

    /// <summary>The factor is suspended until it is bound anew.</summary>
    LockedOut,

    /// <summary>The subject has no MFA, or no factor of this kind.</summary>
    NotEnrolled,

    /// <summary>The attempt has succeeded before: begin a new one.</summary>
    AttemptSpent,

    /// <summary>Too many recovery codes are being hashed. Not charged.</summary>
    Busy,

    /// <summary>The store, a key or the protector failed, so the outcome is unknown; see <see cref="VerificationResult.Cause"/>.</summary>
    Unavailable,
}
