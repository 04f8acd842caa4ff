namespace Callroute.Mfa;

/// <summary>
/// Creates arrays for secrets. The garbage collector does not move a pinned array, so it leaves no copy behind that nobody can wipe.
/// </summary>
internal static class PinnedBytes
{
    public static byte[] Create(int size) => GC.AllocateUninitializedArray<byte>(size, pinned: true);

    public static byte[] Copy(ReadOnlySpan<byte> bytes)
    {
        var copy = Create(bytes.Length);
        bytes.CopyTo(copy);
        return copy;
    }
}
