namespace Callroute.Mfa.AspNetCore;

/// <summary>Describes a user who is half signed in.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class MfaChallenge
{
    /// <summary>The scheme of the challenge's cookie. It does not sign the user in: only the MFA step may accept it.</summary>
    public const string Scheme = "Callroute.Mfa.Challenge";

    internal MfaChallenge(
        MfaSubject subject,
        AttemptId attempt,
        bool isEnrollment,
        bool isPersistent,
        string? returnPath,
        DateTimeOffset issuedAt,
        DateTimeOffset expiresAt) =>
        (Subject, Attempt, IsEnrollment, IsPersistent, ReturnPath, IssuedAt, ExpiresAt) =
            (subject, attempt, isEnrollment, isPersistent, returnPath, issuedAt, expiresAt);

    /// <summary>The user who has passed the first factor.</summary>
    public MfaSubject Subject { get; }

    /// <summary>Whether the user must enrol. Otherwise they must enter a code.</summary>
    public bool IsEnrollment { get; }

    /// <summary>The page that the user asked for: a local path, or null.</summary>
    public string? ReturnPath { get; }

    /// <summary>The time after which the user must start again.</summary>
    public DateTimeOffset ExpiresAt { get; }

    internal AttemptId Attempt { get; }

    internal bool IsPersistent { get; }

    /// <summary>When the user passed the first factor, in whole seconds, rounded down.</summary>
    internal DateTimeOffset IssuedAt { get; }
}
