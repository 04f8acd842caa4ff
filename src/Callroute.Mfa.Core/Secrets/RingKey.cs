using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Callroute.Mfa.Secrets;

/// <summary>A key of a ring, with a pool of ciphers that have this key.</summary>
/// <remarks>The bytes are zeroed when the ring is disposed and no use runs any more, so that a use finishes under the real key.</remarks>
internal sealed class RingKey(byte[] bytes) : IDisposable
{
    public const int TagSize = 16;

    // Making a cipher takes longer than decrypting a secret with it. The pool grows to the largest number that was in use at the same time.
    private readonly ConcurrentBag<AesGcm> _idleCiphers = [];

    private readonly Lock _gate = new();
    private int _uses;
    private bool _isDisposed;

    public byte[] Bytes => bytes;

    /// <summary>Returns a cipher for one caller. Two threads must not use one <see cref="AesGcm"/> at the same time.</summary>
    /// <exception cref="ObjectDisposedException">The ring was disposed.</exception>
    public AesGcm RentCipher()
    {
        BeginUse();
        return _idleCiphers.TryTake(out var cipher) ? cipher : new AesGcm(bytes, TagSize);
    }

    /// <summary>Returns a cipher to the pool. If its last operation failed, it is not used again.</summary>
    public void ReturnCipher(AesGcm cipher, bool hasFailed = false)
    {
        if (hasFailed)
        {
            cipher.Dispose();
        }
        else
        {
            _idleCiphers.Add(cipher);
        }

        EndUse();
    }

    /// <returns>The HMAC-SHA-256 of the data under this key, in a pinned array.</returns>
    /// <exception cref="ObjectDisposedException">The ring was disposed.</exception>
    public byte[] Hmac(ReadOnlySpan<byte> data)
    {
        BeginUse();
        try
        {
            var mac = PinnedBytes.Create(HMACSHA256.HashSizeInBytes);
            HMACSHA256.HashData(bytes, data, mac);
            return mac;
        }
        finally
        {
            EndUse();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            WipeIfUnused();
        }
    }

    private void BeginUse()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(KeyRing));
            _uses++;
        }
    }

    private void EndUse()
    {
        lock (_gate)
        {
            _uses--;
            WipeIfUnused();
        }
    }

    private void WipeIfUnused()
    {
        if (!_isDisposed || _uses > 0)
        {
            return;
        }

        CryptographicOperations.ZeroMemory(bytes);
        while (_idleCiphers.TryTake(out var cipher))
        {
            cipher.Dispose();
        }
    }
}
