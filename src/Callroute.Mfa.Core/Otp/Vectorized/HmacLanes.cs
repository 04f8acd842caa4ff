using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Callroute.Mfa.Otp.Vectorized;

/// <summary>
/// HMAC (RFC 2104) of consecutive moving factors under one key, H(K ⊕ opad ‖ H(K ⊕ ipad ‖ factor)), one factor in each lane.
/// </summary>
/// <remarks>
/// Each pad is a whole block, so both are hashed once, at the start, in two lanes. The factor and the inner hash, which follow the
/// pads, fit into one block each. So a window costs three compressions if there is a lane for each step.
/// </remarks>
internal static class HmacLanes<THash, TWord, TLanes>
    where THash : ILaneHash<TWord>
    where TWord : unmanaged
    where TLanes : unmanaged, ILanes<TLanes, TWord>
{
    private const int BlockWords = 16;
    private const byte InnerPad = 0x36;
    private const byte OuterPad = 0x5c;

    private static int WordSize => Unsafe.SizeOf<TWord>();

    private static int BlockSize => BlockWords * WordSize;

    private static int HashWords => THash.HashWords;

    private static int HashSize => HashWords * WordSize;

    /// <param name="key">At most one block.</param>
    /// <param name="first">The first moving factor. The factor after <see cref="long.MaxValue"/> is <see cref="long.MinValue"/>.</param>
    /// <param name="macs">Receives the HMACs of consecutive factors, until it is full.</param>
    public static void Compute(ReadOnlySpan<byte> key, long first, Span<byte> macs)
    {
        var scratch = Align(stackalloc byte[(THash.Rounds + 2 * HashWords + 1) * Unsafe.SizeOf<TLanes>()]);
        var pads = scratch[..HashWords];
        var hash = scratch.Slice(HashWords, HashWords);
        var w = scratch.Slice(2 * HashWords, THash.Rounds);
        HashPads(key, pads, w);
        while (macs.Length > 0)
        {
            PutFactors(first, w);
            HashAfterPad(pads, lane: 0, sizeof(long), hash, w);
            hash.CopyTo(w);
            HashAfterPad(pads, lane: 1, HashSize, hash, w);
            var size = Math.Min(macs.Length, TLanes.Count * HashSize);
            Write(hash, macs[..size]);
            macs = macs[size..];
            first = unchecked(first + TLanes.Count);
        }

        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(scratch));
    }

    // Reading a register from two cache lines takes twice as long as from one.
    private static Span<TLanes> Align(Span<byte> bytes)
    {
        var address = Unsafe.ByteOffset(in Unsafe.NullRef<byte>(), in MemoryMarshal.GetReference(bytes));
        var size = Unsafe.SizeOf<TLanes>();
        return MemoryMarshal.Cast<byte, TLanes>(bytes[(int)(-address & (size - 1))..]);
    }

    // Fill up the key with zeros to a block. Even lanes hash it with the inner pad, odd lanes with the outer pad.
    private static void HashPads(ReadOnlySpan<byte> key, Span<TLanes> pads, Span<TLanes> w)
    {
        Span<byte> block = stackalloc byte[BlockSize];
        key.CopyTo(block);
        var pad = AlternatingPads();
        for (var i = 0; i < BlockWords; i++)
        {
            w[i] = TLanes.Broadcast(THash.ReadWord(block[(i * WordSize)..])) ^ pad;
        }

        CryptographicOperations.ZeroMemory(block);
        for (var i = 0; i < HashWords; i++)
        {
            pads[i] = TLanes.Broadcast(THash.InitialHash[i]);
        }

        THash.Compress(pads, w, THash.Constants);
    }

    private static TLanes AlternatingPads()
    {
        Span<byte> bytes = stackalloc byte[2 * WordSize];
        bytes[..WordSize].Fill(InnerPad);
        bytes[WordSize..].Fill(OuterPad);
        Span<TLanes> pad = stackalloc TLanes[1];
        var words = MemoryMarshal.Cast<TLanes, TWord>(pad);
        for (var lane = 0; lane < words.Length; lane++)
        {
            words[lane] = THash.ReadWord(bytes[(lane % 2 * WordSize)..]);
        }

        return pad[0];
    }

    // RFC 4226 §5.2: the moving factor is eight bytes, high-order byte first: two words of 32 bits, or one of 64.
    private static void PutFactors(long first, Span<TLanes> w)
    {
        Span<byte> factor = stackalloc byte[sizeof(long)];
        var words = MemoryMarshal.Cast<TLanes, TWord>(w);
        for (var lane = 0; lane < TLanes.Count; lane++)
        {
            BinaryPrimitives.WriteInt64BigEndian(factor, unchecked(first + lane));
            for (var i = 0; i < factor.Length / WordSize; i++)
            {
                words[i * TLanes.Count + lane] = THash.ReadWord(factor[(i * WordSize)..]);
            }
        }
    }

    /// <summary>
    /// Hashes messages of two blocks. The first block was a pad, and the second begins with <paramref name="size"/> more bytes.
    /// </summary>
    private static void HashAfterPad(Span<TLanes> pads, int lane, int size, Span<TLanes> hash, Span<TLanes> w)
    {
        var padWords = MemoryMarshal.Cast<TLanes, TWord>(pads);
        for (var i = 0; i < HashWords; i++)
        {
            hash[i] = TLanes.Broadcast(padWords[i * TLanes.Count + lane]);
        }

        // FIPS 180-4 §5.1: a bit of one, zeros, and the length of the whole message in bits.
        Span<byte> bytes = stackalloc byte[2 * WordSize];
        bytes[0] = 0x80;
        BinaryPrimitives.WriteInt32BigEndian(bytes[^sizeof(int)..], 8 * (BlockSize + size));
        var end = size / WordSize;
        w[end] = TLanes.Broadcast(THash.ReadWord(bytes));
        w[(end + 1)..(BlockWords - 1)].Clear();
        w[BlockWords - 1] = TLanes.Broadcast(THash.ReadWord(bytes[WordSize..]));
        THash.Compress(hash, w, THash.Constants);
    }

    private static void Write(Span<TLanes> hash, Span<byte> macs)
    {
        var words = MemoryMarshal.Cast<TLanes, TWord>(hash);
        for (var lane = 0; lane < macs.Length / HashSize; lane++)
        {
            for (var i = 0; i < HashWords; i++)
            {
                THash.WriteWord(macs[(lane * HashSize + i * WordSize)..], words[i * TLanes.Count + lane]);
            }
        }
    }
}
