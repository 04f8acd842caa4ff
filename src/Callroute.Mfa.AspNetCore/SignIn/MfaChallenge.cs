using System.Security.Cryptography;
using System.Text;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Describes a user who is half signed in.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class MfaChallenge
{
    private const int HashSize = 16;

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

    /// <summary>The version of the user's authenticators and recovery codes at the first factor.</summary>
    internal Guid BindingVersion { get; init; }

    /// <summary>A hash of the user's security stamp at the first factor; empty if the user had none.</summary>
    internal string StampHash { get; init; } = string.Empty;

    internal bool IsPersistent { get; init; }

    /// <summary>When the user passed the first factor, in whole seconds, rounded down.</summary>
    internal DateTimeOffset IssuedAt { get; init; }

    /// <summary>How the user passed the first factor (RFC 8176).</summary>
    internal IReadOnlyCollection<string> FirstFactor { get; init; } = [];

    internal static string HashOf(string? stamp) =>
        stamp is null ? string.Empty : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(stamp)).AsSpan(0, HashSize));

    /// <summary>Whether the user's security stamp is still the one of the first factor.</summary>
    internal bool IsOf(MfaUser user) => StampHash == HashOf(user.SecurityStamp);
}
