using Callroute.Mfa.Otp;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Records;

/// <summary>An authenticator that waits for its first code. It never verifies a sign-in.</summary>
internal sealed record PendingEnrollment : ExtensibleDocument
{
    public required Guid EnrollmentId { get; init; }

    public required Guid AuthenticatorId { get; init; }

    public string? Name { get; init; }

    public required byte[] ProtectedSecret { get; init; }

    public required TotpParameters Parameters { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required int TriesLeft { get; init; }

    /// <summary>The authenticator to remove on confirmation; null where the new one is added.</summary>
    public Guid? Replaces { get; init; }

    /// <summary>The authenticator that proved it: empty for a recovery code, null where nothing had to be proved.</summary>
    public Guid? ProvedBy { get; init; }
}
