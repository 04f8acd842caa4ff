namespace Callroute.Mfa.Recovery;

/// <summary>Hashes recovery codes with Argon2id, a bounded number at a time.</summary>
/// <remarks>
/// Implementations are thread-safe. Derive from <see cref="GatedRecoveryCodeHasher"/>, which brings the gate; only the
/// hash function is left to write.
/// </remarks>
public interface IRecoveryCodeHasher
{
    /// <summary>The parameters of new sets. Older sets are checked with their own.</summary>
    Argon2Parameters Parameters { get; }

    /// <summary>Waits for a permit to hash.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A permit, to be disposed; null where too many wait already or the wait took too long.</returns>
    ValueTask<IRecoveryHashPermit?> TryEnterAsync(CancellationToken cancellationToken = default);
}
