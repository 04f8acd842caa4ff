using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Recovery;

/// <summary>A regenerated set that is neither acknowledged nor used yet. The active set works until it is.</summary>
/// <remarks>
/// Its codes are hashed twice: once as they will be kept, and once with the active set's salt, parameters and pepper, so
/// that an attempt is checked against both sets with exactly one Argon2id run.
/// </remarks>
internal sealed record PendingRecoveryCodes : ExtensibleDocument
{
    public required RecoveryCodeSet Set { get; init; }

    /// <summary>The authenticator that proved the regeneration; empty for a recovery code.</summary>
    public Guid ProvedBy { get; init; }

    /// <summary>PHC strings with the active set's setting, in the order of <see cref="RecoveryCodeSet.Hashes"/>.</summary>
    public required IReadOnlyList<string> InterimHashes { get; init; }
}
