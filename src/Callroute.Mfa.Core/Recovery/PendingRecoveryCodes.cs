using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Recovery;

/// <summary>A regenerated set that is neither acknowledged nor used yet. The active set works until then.</summary>
/// <remarks>
/// Its codes are hashed twice: once as they will be stored, and once with the active set's settings and pepper. So one hash checks an
/// attempt against both sets.
/// </remarks>
internal sealed record PendingRecoveryCodes : ExtensibleDocument
{
    public required RecoveryCodeSet Set { get; init; }

    /// <summary>The authenticator that proved the regeneration; empty for a recovery code.</summary>
    public Guid ProvedBy { get; init; }

    /// <summary>The tags under the active set's settings, in the order of <see cref="RecoveryCodeSet.Tags"/>.</summary>
    public required IReadOnlyList<byte[]> TagsUnderActiveSettings { get; init; }
}
