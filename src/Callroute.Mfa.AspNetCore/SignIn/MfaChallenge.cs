namespace Callroute.Mfa.AspNetCore;

/// <summary>Describes a user who is half signed in.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class MfaChallenge
{
    internal MfaChallenge()
    {
    }

    /// <summary>The user who has passed the first factor.</summary>
    public MfaSubject Subject { get; internal init; }

    /// <summary>Whether the user must enrol. Otherwise they must enter a code.</summary>
    public bool IsEnrollment { get; internal init; }

    /// <summary>The page that the user asked for: a local path, or null.</summary>
    public string? ReturnPath { get; internal init; }

    /// <summary>The time after which the user must start again, in whole seconds, rounded down.</summary>
    public DateTimeOffset ExpiresAt { get; internal init; }

    internal AttemptId Attempt { get; init; }

    internal bool IsPersistent { get; init; }

    /// <summary>When the user passed the first factor, in whole seconds, rounded down.</summary>
    internal DateTimeOffset IssuedAt { get; init; }

    /// <summary>How the user passed the first factor (RFC 8176).</summary>
    internal IReadOnlyCollection<string> FirstFactor { get; init; } = [];
}
