using System.Diagnostics;
using System.Security.Cryptography;

namespace Callroute.Mfa.Otp;

/// <summary>Holds K, the secret that the authenticator and the verifier share (RFC 4226 §4).</summary>
/// <remarks>
/// Sizes are in bytes. <see cref="Dispose"/> zeroes the bytes, which are in pinned memory; the object makes no other
/// managed copy, except what its <c>Reveal</c> methods return. <see cref="ToString"/> shows only the size.
/// After its first use, the object keeps one HMAC of the platform ready with this key until it is disposed. Reading is thread-safe;
/// disposing while another thread uses the secret is not. Two secrets with equal bytes are not equal.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class SharedSecret : IDisposable
{
    // RFC 4226 §4 R6.
    internal const int MinimumSize = 16;

    // The block size of HMAC-SHA-512.
    internal const int MaximumSize = 128;

    private readonly byte[] _key;
    private IncrementalHash? _idleHmac;
    private bool _disposed;

    // Takes ownership of the array, which is pinned.
    private SharedSecret(byte[] key) => _key = key;

    /// <summary>The size in bytes.</summary>
    public int Size => _key.Length;

    /// <summary>The bytes, for this assembly only.</summary>
    internal ReadOnlySpan<byte> Key => Memory.Span;

    /// <summary>The same bytes, for a protector.</summary>
    internal ReadOnlyMemory<byte> Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _key;
        }
    }

    /// <summary>Generates a secret, by default as long as the output of the hash (RFC 6238 §5.1).</summary>
    /// <param name="algorithm">SHA-1 by default.</param>
    /// <param name="sizeInBytes">16–128; null for the size of the hash: 20, 32 or 64 bytes.</param>
    /// <returns>A secret from the system's random number generator, which the caller disposes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="algorithm"/> is not a member of the enumeration, or <paramref name="sizeInBytes"/> is not 16–128.
    /// </exception>
    public static SharedSecret Generate(OtpAlgorithm algorithm = OtpAlgorithm.Sha1, int? sizeInBytes = null)
    {
        Guard.Defined(algorithm);
        var size = Guard.InRange(sizeInBytes ?? HmacOtp.HashSize(algorithm), MinimumSize, MaximumSize, nameof(sizeInBytes));
        var key = PinnedBytes.Create(size);
        RandomNumberGenerator.Fill(key);
        return new SharedSecret(key);
    }

    /// <summary>Imports a secret by copying its bytes.</summary>
    /// <param name="key">From <paramref name="minimumSize"/> to 128 bytes; the caller wipes its own copy.</param>
    /// <param name="minimumSize">1–128; 16 by default (RFC 4226 §4 R6). Smaller values accept the short secrets of older systems.</param>
    /// <returns>A secret that the caller disposes.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="minimumSize"/> is not 1–128.</exception>
    /// <exception cref="ArgumentException">The key is shorter than <paramref name="minimumSize"/> or longer than 128 bytes.</exception>
    public static SharedSecret FromBytes(ReadOnlySpan<byte> key, int minimumSize = MinimumSize)
    {
        Guard.InRange(minimumSize, 1, MaximumSize);
        Guard.Length(key.Length, minimumSize, MaximumSize, "bytes", nameof(key));
        return new SharedSecret(PinnedBytes.Copy(key));
    }

    /// <summary>Copies the bytes of the secret. The caller wipes the copy.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too small.</exception>
    /// <exception cref="ObjectDisposedException">The secret was disposed.</exception>
    public void CopyTo(Span<byte> destination) => Key.CopyTo(destination);

    /// <summary>Returns the secret in Base32: upper case, without padding or spaces.</summary>
    /// <returns>The secret in clear text: show it, never log it.</returns>
    /// <exception cref="ObjectDisposedException">The secret was disposed.</exception>
    public string RevealBase32() => Base32.Encode(Key);

    /// <summary>
    /// Returns an HMAC of the platform that has this key, for use by one thread. Setting a key costs as much as computing a code, so
    /// <see cref="ReturnHmac"/> keeps the object for the next caller.
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

    /// <summary>Stores an HMAC for the next caller. No data may be appended to it.</summary>
    internal void ReturnHmac(IncrementalHash hmac) => Interlocked.Exchange(ref _idleHmac, hmac)?.Dispose();

    /// <summary>Zeroes the bytes. Calling it again does nothing.</summary>
    public void Dispose()
    {
        Interlocked.Exchange(ref _idleHmac, null)?.Dispose();
        CryptographicOperations.ZeroMemory(_key);
        _disposed = true;
    }

    /// <summary>Returns the type and the size, never the content.</summary>
    /// <returns>For example <c>SharedSecret (20 bytes)</c>.</returns>
    public override string ToString() => $"{nameof(SharedSecret)} ({Size} bytes)";
}
