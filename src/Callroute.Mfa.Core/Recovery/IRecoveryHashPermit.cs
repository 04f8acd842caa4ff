namespace Callroute.Mfa.Recovery;

/// <summary>Allows its holder to hash, one code after the other. Not thread-safe.</summary>
/// <remarks>Disposing gives the permit back, but never before a hash that runs has really ended.</remarks>
public interface IRecoveryHashPermit : IDisposable
{
    /// <summary>Runs Argon2id once. It cannot be cancelled.</summary>
    /// <param name="input">The canonical code, or its HMAC under a pepper; not empty.</param>
    /// <param name="salt">8–48 bytes.</param>
    /// <param name="parameters">The cost.</param>
    /// <returns>The tag, 32 bytes.</returns>
    /// <exception cref="ObjectDisposedException">The permit was given back.</exception>
    ValueTask<byte[]> HashAsync(ReadOnlyMemory<byte> input, ReadOnlyMemory<byte> salt, Argon2Parameters parameters);
}
