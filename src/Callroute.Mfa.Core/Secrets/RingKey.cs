using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Callroute.Mfa.Secrets;

/// <summary>A key of a ring, with a pool of ciphers that have this key.</summary>
internal sealed class RingKey(byte[] bytes) : IDisposable
{
    public const int TagSize = 16;

    // Making a cipher takes longer than decrypting a secret with it. The pool grows to the largest number that was in use at the same time.
    private readonly ConcurrentBag<AesGcm> _idleCiphers = [];

    public byte[] Bytes => bytes;

    /// <summary>Returns a cipher for one caller. Two threads must not use one <see cref="AesGcm"/> at the same time.</summary>
    public AesGcm RentCipher() => _idleCiphers.TryTake(out var cipher) ? cipher : new AesGcm(bytes, TagSize);

    /// <summary>Returns a cipher to the pool. Do not return one whose last operation failed.</summary>
    public void ReturnCipher(AesGcm cipher) => _idleCiphers.Add(cipher);

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(bytes);
        while (_idleCiphers.TryTake(out var cipher))
        {
            cipher.Dispose();
        }
    }
}
