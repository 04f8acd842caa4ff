using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Callroute.Mfa.Secrets;

/// <summary>A key of a ring, with the ciphers that were set up for it.</summary>
internal sealed class RingKey(byte[] bytes) : IDisposable
{
    public const int TagSize = 16;

    // As many as were ever in use at once. Setting one up takes longer than opening a secret with it.
    private readonly ConcurrentBag<AesGcm> _idleCiphers = [];

    public byte[] Bytes => bytes;

    /// <summary>Gives a cipher to one caller: an <see cref="AesGcm"/> that two threads use at once gives wrong results.</summary>
    public AesGcm RentCipher() => _idleCiphers.TryTake(out var cipher) ? cipher : new AesGcm(bytes, TagSize);

    /// <summary>Takes a cipher back whose last operation succeeded.</summary>
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
