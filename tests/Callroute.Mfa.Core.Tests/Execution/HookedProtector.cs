using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Core.Tests.Execution;

/// <summary>A protector that runs hooks around each call.</summary>
internal sealed class HookedProtector(ISecretProtector inner) : ISecretProtector
{
    public Action? OnProtect { get; init; }

    public Action? OnUnprotect { get; init; }

    /// <summary>Receives the decrypted secret, and returns the array for the caller.</summary>
    public Func<byte[], byte[]>? OnUnprotected { get; init; }

    /// <summary>Whether every secret counts as encrypted under an older key.</summary>
    public bool AlwaysNeedsReencryption { get; init; }

    public ValueTask<byte[]> ProtectAsync(
        ReadOnlyMemory<byte> plaintext, ReadOnlyMemory<byte> associatedData, CancellationToken cancellationToken = default)
    {
        OnProtect?.Invoke();
        return inner.ProtectAsync(plaintext, associatedData, cancellationToken);
    }

    public async ValueTask<byte[]> UnprotectAsync(
        ReadOnlyMemory<byte> protectedData, ReadOnlyMemory<byte> associatedData, CancellationToken cancellationToken = default)
    {
        OnUnprotect?.Invoke();
        var plaintext = await inner.UnprotectAsync(protectedData, associatedData, cancellationToken);
        return OnUnprotected is null ? plaintext : OnUnprotected(plaintext);
    }

    public bool NeedsReencryption(ReadOnlySpan<byte> protectedData) =>
        AlwaysNeedsReencryption || inner.NeedsReencryption(protectedData);
}
