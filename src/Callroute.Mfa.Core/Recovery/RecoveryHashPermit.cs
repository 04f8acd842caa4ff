namespace Callroute.Mfa.Recovery;

/// <summary>Allows its holder to hash, one code after the other. Disposing returns the place at the gate.</summary>
internal sealed class RecoveryHashPermit(IRecoveryCodeHasher hasher, RecoveryHashGate gate) : IDisposable
{
    private const int MinimumTagSize = 16;
    private const int MaximumTagSize = 64;

    /// <summary>Hashes once. It cannot be cancelled.</summary>
    /// <param name="input">The canonical code, or its HMAC under a pepper. The caller wipes it.</param>
    /// <param name="settings">The settings of the set.</param>
    /// <exception cref="NotSupportedException">The settings are empty or too long, or the hasher does not support them.</exception>
    public async ValueTask<byte[]> HashAsync(byte[] input, string settings)
    {
        // The store may have altered the settings. A hasher must get no longer text than one can create.
        if (!RecoveryCodeIssuer.IsSettingsLength(settings.Length))
        {
            throw new NotSupportedException($"The settings of the recovery codes have {settings.Length} characters.");
        }

        var tag = await hasher.HashAsync(input, settings).ConfigureAwait(false);

        // Short tags collide, and an empty one would equal every other empty one.
        return tag.Length is >= MinimumTagSize and <= MaximumTagSize
            ? tag
            : throw new InvalidOperationException(
                $"The hasher must return {MinimumTagSize}–{MaximumTagSize} bytes, returned {tag.Length}.");
    }

    public void Dispose() => gate.Leave();
}
