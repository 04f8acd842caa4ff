namespace Callroute.Mfa.Recovery;

/// <summary>Brings the gate, the permit and the ceilings to a hasher; a derived class brings Argon2id itself.</summary>
/// <remarks>Thread-safe where the derived class is.</remarks>
public abstract class GatedRecoveryCodeHasher : IRecoveryCodeHasher
{
    private readonly RecoveryHashGate _gate;

    /// <summary>Makes a hasher.</summary>
    /// <param name="parameters">The parameters of new sets; <see cref="Argon2Parameters.Default"/> where null.</param>
    /// <param name="gate">The gate; <see cref="RecoveryHashGate.Shared"/> where null.</param>
    protected GatedRecoveryCodeHasher(Argon2Parameters? parameters = null, RecoveryHashGate? gate = null)
    {
        Parameters = parameters ?? Argon2Parameters.Default;
        _gate = gate ?? RecoveryHashGate.Shared;
    }

    /// <summary>The size of a tag: 32 bytes.</summary>
    protected internal const int TagSize = 32;

    /// <inheritdoc/>
    public Argon2Parameters Parameters { get; }

    /// <inheritdoc/>
    public async ValueTask<IRecoveryHashPermit?> TryEnterAsync(CancellationToken cancellationToken = default) =>
        await _gate.TryEnterAsync(cancellationToken).ConfigureAwait(false) ? new Permit(this) : null;

    /// <summary>Computes an Argon2id tag, version 19 (0x13), without secret value or associated data.</summary>
    /// <param name="input">The canonical code, or its HMAC; not empty. Must not be kept.</param>
    /// <param name="salt">8–48 bytes. Must not be kept.</param>
    /// <param name="parameters">The cost, within the ceilings.</param>
    /// <returns>A task that completes when no more memory or processor is used, with a tag of 32 bytes.</returns>
    protected abstract Task<byte[]> ComputeAsync(byte[] input, byte[] salt, Argon2Parameters parameters);

    private sealed class Permit(GatedRecoveryCodeHasher hasher) : IRecoveryHashPermit
    {
        private readonly Lock _lock = new();
        private bool _isRunning;
        private bool _isDisposed;

        public async ValueTask<byte[]> HashAsync(ReadOnlyMemory<byte> input, ReadOnlyMemory<byte> salt, Argon2Parameters parameters)
        {
            Guard.NotNull(parameters);
            Guard.Length(input.Length, 1, 1024, "bytes", nameof(input));
            Guard.Length(salt.Length, PhcString.MinimumSaltSize, PhcString.MaximumSaltSize, "bytes", nameof(salt));
            Begin();
            var copy = input.ToArray();
            try
            {
                return await hasher.ComputeAsync(copy, salt.ToArray(), parameters).ConfigureAwait(false);
            }
            finally
            {
                Array.Clear(copy);
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
                    hasher._gate.Leave();
                }
            }
        }

        private void Begin()
        {
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, typeof(IRecoveryHashPermit));
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
                    hasher._gate.Leave();
                }
            }
        }
    }
}
