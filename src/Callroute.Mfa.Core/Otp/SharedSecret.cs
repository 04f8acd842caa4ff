using System.Diagnostics;
using System.Security.Cryptography;

namespace Callroute.Mfa.Otp;

/// <summary>Holds K, the secret that the authenticator and the verifier share (RFC 4226 §4).</summary>
/// <remarks>
/// Sizes are in bytes. The bytes are zeroed on <see cref="Dispose"/>; <see cref="ToString"/> tells the size only.
/// From the first use until then, the platform's HMAC is kept ready under this key.
/// Reading is thread-safe; disposing while another thread uses the secret is not. There is no equality on content.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class SharedSecret : IDisposable
{
    /// <summary>The least size that is generated, and imported without opting in: 16 bytes (RFC 4226 §4 R6).</summary>
    public const int MinimumSize = 16;

    /// <summary>The greatest size, 128 bytes: the block of HMAC-SHA-512.</summary>
    public const int MaximumSize = 128;

    private readonly byte[] _key;
    private IncrementalHash? _idleHmac;
    private bool _disposed;

    // Takes ownership of the array.
    private SharedSecret(byte[] key) => _key = key;

    /// <summary>The size in bytes.</summary>
    public int Size => _key.Length;

    /// <summary>The secret itself, for the engine and the protectors of this assembly.</summary>
    internal ReadOnlySpan<byte> Key
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _key;
        }
    }

    /// <summary>Generates a secret, by default of the size that fits the algorithm (RFC 6238 §5.1).</summary>
    /// <param name="algorithm">SHA-1 by default.</param>
    /// <param name="sizeInBytes">16–128; null for the size of the hash: 20, 32 or 64 bytes.</param>
    /// <returns>A secret from the system's random number generator, owned by the caller.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public static SharedSecret Generate(OtpAlgorithm algorithm = OtpAlgorithm.Sha1, int? sizeInBytes = null)
    {
        Guard.Defined(algorithm);
        var size = Guard.InRange(sizeInBytes ?? HmacOtp.HashSize(algorithm), MinimumSize, MaximumSize, nameof(sizeInBytes));
        return new SharedSecret(RandomNumberGenerator.GetBytes(size));
    }

    /// <summary>Imports a secret by copying its bytes.</summary>
    /// <param name="key">From <paramref name="minimumSize"/> to 128 bytes; the caller wipes its own copy.</param>
    /// <param name="minimumSize">16 by default. Less, down to 1, opts in to the short secrets of older systems.</param>
    /// <returns>A secret that the caller owns.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="minimumSize"/> is not 1–128.</exception>
    /// <exception cref="ArgumentException">The key is shorter than <paramref name="minimumSize"/> or longer than 128 bytes.</exception>
    public static SharedSecret FromBytes(ReadOnlySpan<byte> key, int minimumSize = MinimumSize)
    {
        Guard.InRange(minimumSize, 1, MaximumSize);
        Guard.Length(key.Length, minimumSize, MaximumSize, "bytes", nameof(key));
        return new SharedSecret(key.ToArray());
    }

    /// <summary>Copies the secret out; the caller wipes the copy.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too small.</exception>
    /// <exception cref="ObjectDisposedException">The secret was disposed.</exception>
    public void CopyTo(Span<byte> destination) => Key.CopyTo(destination);

    /// <summary>Writes the secret as Base32, for a key that a person types: upper case, unpadded.</summary>
    /// <returns>The secret in clear text: show it, never log it.</returns>
    /// <exception cref="ObjectDisposedException">The secret was disposed.</exception>
    public string RevealBase32() => Base32.Encode(Key);

    /// <summary>
    /// Gives the platform's HMAC with this key set up, for one thread. Setting it up costs as much as computing a code,
    /// so what is returned is kept for the next.
    /// </summary>
    internal IncrementalHash RentHmac(OtpAlgorithm algorithm)
    {
        var key = Key;
        var idle = Interlocked.Exchange(ref _idleHmac, null);
        if (idle?.HashLengthInBytes == HmacOtp.HashSize(algorithm))
        {
            return idle;
        }

        idle?.Dispose();
        return IncrementalHash.CreateHMAC(PlatformHmac.Name(algorithm), key);
    }

    /// <summary>Takes an HMAC back that has nothing appended.</summary>
    internal void ReturnHmac(IncrementalHash hmac) => Interlocked.Exchange(ref _idleHmac, hmac)?.Dispose();

    /// <summary>Zeroes the bytes. More calls do nothing.</summary>
    public void Dispose()
    {
        Interlocked.Exchange(ref _idleHmac, null)?.Dispose();
        CryptographicOperations.ZeroMemory(_key);
        _disposed = true;
    }

    /// <summary>Tells the size, never the content.</summary>
    /// <returns>For example <c>SharedSecret (20 bytes)</c>.</returns>
    public override string ToString() => $"{nameof(SharedSecret)} ({Size} bytes)";
}
