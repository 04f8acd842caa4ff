using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Callroute.Mfa.Otp.Vectorized;

/// <summary>
/// HMAC-SHA-1 (RFC 2104) of consecutive moving factors under one key, H(K ⊕ opad ‖ H(K ⊕ ipad ‖ factor)), one factor in each lane.
/// </summary>
/// <remarks>
/// Each pad is a whole block, so both are hashed once, at the start, in two lanes. The factor and the inner hash, which follow the
/// pads, fit into one block each. So a window costs three compressions if there is a lane for each step.
/// </remarks>
/// <param name="initialHash">The initial hash value of SHA-1.</param>
/// <param name="constants">The constants of SHA-1.</param>
internal readonly ref struct HmacLanes(ReadOnlySpan<uint> initialHash, ReadOnlySpan<uint> constants)
{
    public const int BlockSize = BlockWords * sizeof(uint);

    private const int BlockWords = 16;
    private const int FactorWords = 2;
    private const int HashWords = Sha1Lanes.HashWords;
    private const int InnerLane = 0;
    private const int OuterLane = 1;

    private readonly ReadOnlySpan<uint> _initialHash = initialHash;
    private readonly ReadOnlySpan<uint> _constants = constants;

    private static Vector128<uint> Pads => Vector128.Create(0x36363636u, 0x5c5c5c5c, 0x36363636, 0x5c5c5c5c);

    /// <param name="key">At most one block.</param>
    /// <param name="first">The first moving factor. The factor after <see cref="long.MaxValue"/> is <see cref="long.MinValue"/>.</param>
    /// <param name="macs">Receives the HMACs of consecutive factors, until it is full.</param>
    public void Compute(ReadOnlySpan<byte> key, long first, Span<byte> macs)
    {
        Span<Vector128<uint>> scratch = stackalloc Vector128<uint>[HashWords + HashWords + Sha1Lanes.Rounds];
        var pads = scratch[..HashWords];
        var hash = scratch.Slice(HashWords, HashWords);
        var w = scratch[(HashWords + HashWords)..];
        HashPads(key, pads, w);
        while (macs.Length > 0)
        {
            PutFactors(first, w);
            HashAfterPad(pads, InnerLane, FactorWords, hash, w);
            hash.CopyTo(w);
            HashAfterPad(pads, OuterLane, HashWords, hash, w);
            var size = Math.Min(macs.Length, Vector128<uint>.Count * SHA1.HashSizeInBytes);
            Write(hash, macs[..size]);
            macs = macs[size..];
            first = unchecked(first + Vector128<uint>.Count);
        }

        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(scratch));
    }

    // Fill up the key with zeros to a block. Even lanes hash it with the inner pad, odd lanes with the outer pad.
    private void HashPads(ReadOnlySpan<byte> key, Span<Vector128<uint>> pads, Span<Vector128<uint>> w)
    {
        Span<byte> block = stackalloc byte[BlockSize];
        key.CopyTo(block);
        for (var i = 0; i < BlockWords; i++)
        {
            w[i] = Vector128.Create(BinaryPrimitives.ReadUInt32BigEndian(block[(i * sizeof(uint))..])) ^ Pads;
        }

        CryptographicOperations.ZeroMemory(block);
        for (var i = 0; i < HashWords; i++)
        {
            pads[i] = Vector128.Create(_initialHash[i]);
        }

        Sha1Lanes.Compress(pads, w, _constants);
    }

    // RFC 4226 §5.2: the moving factor is eight bytes, high-order byte first, so two words.
    private static void PutFactors(long first, Span<Vector128<uint>> w)
    {
        for (var lane = 0; lane < Vector128<uint>.Count; lane++)
        {
            var factor = unchecked((ulong)(first + lane));
            w[0] = w[0].WithElement(lane, (uint)(factor >> 32));
            w[1] = w[1].WithElement(lane, unchecked((uint)factor));
        }
    }

    /// <summary>
    /// Hashes messages of two blocks. The first block was a pad, and the second begins with <paramref name="words"/> more words.
    /// </summary>
    private void HashAfterPad(Span<Vector128<uint>> pads, int lane, int words, Span<Vector128<uint>> hash, Span<Vector128<uint>> w)
    {
        for (var i = 0; i < HashWords; i++)
        {
            hash[i] = Vector128.Create(pads[i][lane]);
        }

        // FIPS 180-4 §5.1: a bit of one, zeros, and the length of the whole message in bits.
        w[words] = Vector128.Create(0x8000_0000);
        w[(words + 1)..(BlockWords - 1)].Clear();
        w[BlockWords - 1] = Vector128.Create((uint)(8 * (BlockSize + words * sizeof(uint))));
        Sha1Lanes.Compress(hash, w, _constants);
    }

    private static void Write(Span<Vector128<uint>> hash, Span<byte> macs)
    {
        for (var i = 0; i < macs.Length / sizeof(uint); i++)
        {
            var word = hash[i % HashWords][i / HashWords];
            BinaryPrimitives.WriteUInt32BigEndian(macs[(i * sizeof(uint))..], word);
        }
    }
}
