using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Recovery;

/// <summary>A regenerated set that is neither acknowledged nor used yet. The active set works until then.</summary>
/// <remarks>
/// Its codes are hashed twice: once as they will be stored, and once with the active set's settings and pepper. So one hash checks an
/// attempt against both sets.
/// </remarks>
internal sealed record PendingRecoveryCodes : ExtensibleDocument
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    public required RecoveryCodeSet Set { get; init; }

    /// <summary>What the proof of the regeneration is bound to: an authenticator, or the active set.</summary>
    public Guid ProvedBy { get; init; }

    /// <summary>The tags under the active set's settings, in the order of <see cref="RecoveryCodeSet.Tags"/>.</summary>
    public required IReadOnlyList<byte[]> TagsUnderActiveSettings { get; init; }

    public bool IsOpen(DateTimeOffset now) => (now - Set.CreatedAt).Duration() < Lifetime;
}
