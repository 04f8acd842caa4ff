namespace Callroute.Mfa.AspNetCore;

/// <summary>Tells what is known of a user who is half signed in.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class MfaChallenge
{
    /// <summary>The scheme of the cookie that holds it. It signs nobody in: no endpoint but the MFA step may accept it.</summary>
    public const string Scheme = "Callroute.Mfa.Challenge";

    internal MfaChallenge(MfaSubject subject, AttemptId attempt, bool isEnrollment, bool isPersistent, string? returnPath, DateTimeOffset expiresAt) =>
        (Subject, Attempt, IsEnrollment, IsPersistent, ReturnPath, ExpiresAt) = (subject, attempt, isEnrollment, isPersistent, returnPath, expiresAt);

    /// <summary>Who has passed the first factor.</summary>
    public MfaSubject Subject { get; }

    /// <summary>Whether the user may only enrol; else a code is asked for.</summary>
    public bool IsEnrollment { get; }

    /// <summary>Where the user wanted to go: a local path, or null.</summary>
    public string? ReturnPath { get; }

    /// <summary>When the user must begin anew.</summary>
    public DateTimeOffset ExpiresAt { get; }

    internal AttemptId Attempt { get; }

    internal bool IsPersistent { get; }
}
