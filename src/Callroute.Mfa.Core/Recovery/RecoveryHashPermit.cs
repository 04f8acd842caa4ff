namespace Callroute.Mfa.Recovery;

/// <summary>Allows its holder to hash, one code after the other.</summary>
/// <remarks>Disposing returns the place at the gate, but only after a running hash has ended.</remarks>
/// <param name="hasher">Computes the hashes.</param>
/// <param name="leave">Returns the place at the gate.</param>
internal sealed class RecoveryHashPermit(IRecoveryCodeHasher hasher, Action leave) : IDisposable
{
    private const int MinimumTagSize = 16;
    private const int MaximumTagSize = 64;

    private readonly Lock _lock = new();
    private bool _isRunning;
    private bool _isDisposed;

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

        Begin();
        try
        {
            var tag = await hasher.HashAsync(input, settings).ConfigureAwait(false);

            // Short tags collide, and an empty one would equal every other empty one.
            return tag.Length is >= MinimumTagSize and <= MaximumTagSize
                ? tag
                : throw new InvalidOperationException(
                    $"The hasher must return {MinimumTagSize}–{MaximumTagSize} bytes, returned {tag.Length}.");
        }
        finally
        {
            End();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            var leaves = !_isDisposed && !_isRunning;
            _isDisposed = true;
            if (leaves)
            {
                leave();
            }
        }
    }

    private void Begin()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _isRunning = _isRunning ? throw new InvalidOperationException("A permit hashes one code at a time.") : true;
        }
    }

    private void End()
    {
        lock (_lock)
        {
            _isRunning = false;
            if (_isDisposed)
            {
                leave();
            }
        }
    }
}
