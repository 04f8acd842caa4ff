using System.Security.Cryptography;

namespace Callroute.Mfa.Secrets;

/// <summary>A key of a ring.</summary>
/// <remarks>
/// Disposing the ring zeroes the bytes, but never in the middle of a use. A cipher has its own copy of the key until it is disposed, so it
/// finishes under the real key.
/// </remarks>
internal sealed class RingKey(byte[] bytes) : IDisposable
{
    public const int TagSize = 16;

    private readonly Lock _gate = new();
    private bool _isDisposed;

    public byte[] Bytes => bytes;

    /// <summary>Returns a cipher with this key, which the caller disposes.</summary>
    /// <exception cref="ObjectDisposedException">The ring was disposed.</exception>
    public AesGcm CreateCipher()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(KeyRing));
            return new AesGcm(bytes, TagSize);
        }
    }

    /// <returns>The HMAC-SHA-256 of the data under this key, in a pinned array.</returns>
    /// <exception cref="ObjectDisposedException">The ring was disposed.</exception>
    public byte[] Hmac(ReadOnlySpan<byte> data)
    {
        var mac = PinnedBytes.Create(HMACSHA256.HashSizeInBytes);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(KeyRing));
            HMACSHA256.HashData(bytes, data, mac);
        }

        return mac;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
