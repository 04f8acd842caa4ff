using System.Buffers.Text;
using System.Security.Cryptography;
using Callroute.Mfa.Secrets;
using Microsoft.AspNetCore.DataProtection;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Encrypts secrets with ASP.NET Core Data Protection, for one purpose and one user each.</summary>
/// <remarks>
/// Thread-safe. The associated data, which names tenant, user, authenticator and parameters, is part of the purpose, so a secret cannot be
/// opened for another use. A secret under a revoked or lost key cannot be opened.
/// </remarks>
public sealed class DataProtectionSecretProtector : ISecretProtector
{
    // The bytes that Data Protection writes before the ciphertext: four bytes that name its format, then the key's id.
    private const int HeaderSize = 20;

    private const string Purpose = "Callroute.Mfa/1";

    private readonly IDataProtectionProvider _provider;
    private readonly IDataProtector _probe;

    /// <summary>Creates a protector.</summary>
    /// <param name="provider">The application's Data Protection.</param>
    public DataProtectionSecretProtector(IDataProtectionProvider provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        _provider = provider;
        _probe = provider.CreateProtector(Purpose, "probe");
    }

    /// <inheritdoc/>
    public ValueTask<byte[]> ProtectAsync(
        ReadOnlyMemory<byte> plaintext, ReadOnlyMemory<byte> associatedData, CancellationToken cancellationToken = default)
    {
        // Data Protection takes arrays only.
        var secret = plaintext.ToArray();
        try
        {
            return new(ProtectorOf(associatedData).Protect(secret));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <inheritdoc/>
    public ValueTask<byte[]> UnprotectAsync(
        ReadOnlyMemory<byte> protectedData, ReadOnlyMemory<byte> associatedData, CancellationToken cancellationToken = default)
    {
        try
        {
            return new(ProtectorOf(associatedData).Unprotect(protectedData.ToArray()));
        }
        catch (CryptographicException exception)
        {
            throw new SecretProtectionException(
                "Data Protection cannot open a secret: its key is missing or revoked, or it was altered or moved.", exception);
        }
    }

    /// <inheritdoc/>
    public bool NeedsReencryption(ReadOnlySpan<byte> protectedData)
    {
        var current = _probe.Protect([]);
        return protectedData.Length < HeaderSize || !protectedData[..HeaderSize].SequenceEqual(current.AsSpan(0, HeaderSize));
    }

    private IDataProtector ProtectorOf(ReadOnlyMemory<byte> associatedData) => associatedData.IsEmpty
        ? throw new ArgumentException($"{nameof(associatedData)} must not be empty.", nameof(associatedData))
        : _provider.CreateProtector(Purpose, "secret", Base64Url.EncodeToString(associatedData.Span));
}
