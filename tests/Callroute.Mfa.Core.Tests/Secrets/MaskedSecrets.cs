using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Core.Tests.Secrets;

/// <summary>Remembers secrets, each under a random pad, so that a search for them does not find this memory.</summary>
internal sealed class MaskedSecrets(int maximum)
{
    private const int Size = 20;
    private const int ChunkSize = 1 << 20;

    private readonly byte[] _pads = RandomNumberGenerator.GetBytes(maximum * Size);

    // Pinned, because each secret is here in clear text until it gets its pad.
    private readonly byte[] _masked = GC.AllocateArray<byte>(maximum * Size, pinned: true);

    private int _count;

    public void Add(SharedSecret secret)
    {
        var start = _count++ * Size;
        secret.CopyTo(_masked.AsSpan(start, Size));
        for (var i = start; i < start + Size; i++)
        {
            _masked[i] ^= _pads[i];
        }
    }

    /// <summary>Finds the secrets whose first eight bytes are in a file.</summary>
    /// <returns>Their indexes, in the order in which they were added.</returns>
    public IEnumerable<int> FindIn(string path)
    {
        var wanted = Enumerable.Range(0, _count).ToDictionary(PrefixOf);
        var isWanted = new bool[1 << 16];
        foreach (var prefix in wanted.Keys)
        {
            isWanted[prefix & 0xFFFF] = true;
        }

        var found = new SortedSet<int>();
        var buffer = new byte[ChunkSize];
        using var file = File.OpenRead(path);
        for (int kept = 0, read; (read = file.Read(buffer, kept, ChunkSize - kept)) > 0;)
        {
            var last = kept + read - sizeof(ulong);
            for (var i = 0; i <= last; i++)
            {
                var prefix = MemoryMarshal.Read<ulong>(buffer.AsSpan(i));
                if (isWanted[prefix & 0xFFFF] && wanted.TryGetValue(prefix, out var index))
                {
                    found.Add(index);
                }
            }

            // A secret may begin in this chunk and end in the next.
            kept = Math.Min(kept + read, sizeof(ulong) - 1);
            buffer.AsSpan(last + sizeof(ulong) - kept, kept).CopyTo(buffer);
        }

        return found;
    }

    private ulong PrefixOf(int index) =>
        MemoryMarshal.Read<ulong>(_masked.AsSpan(index * Size)) ^ MemoryMarshal.Read<ulong>(_pads.AsSpan(index * Size));
}
