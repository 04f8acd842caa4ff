namespace Callroute.Mfa.Argon2;

/// <summary>Knows the memory of finished hashes that the garbage collector has not taken back, and bounds it.</summary>
/// <remarks>
/// One for the process, as the heap is. Konscious allocates the memory of a hash on the large object heap and offers no way
/// to hand it any; left alone, the background collector lets dozens of such arrays pile up. To force a blocking collection
/// would stop the whole process for a time that grows with the host's heap. So the collection runs in the background, and
/// only the next hash waits for it. The bound grows with the heap, as the cost of a collection does.
/// </remarks>
internal static class UncollectedMemory
{
    private const int HeapShare = 8;

    // A collection that was under way already frees nothing newer than itself: the one after it does.
    private const int MaximumCollections = 3;

    // Half a second for each, longer where timers are coarse: then the hash runs, as a wait without end would be worse than more memory.
    private const int MaximumPolls = 125;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(4);

    private static readonly Lock Lock = new();
    private static readonly List<(WeakReference Marker, long Size)> Finished = [];

    /// <summary>Counts memory that has just become garbage.</summary>
    public static void Add(long size)
    {
        // A pinned array dies only when the large object heap is collected too, so it tells when the memory is free.
        var marker = new WeakReference(GC.AllocateUninitializedArray<byte>(1, pinned: true));
        lock (Lock)
        {
            Finished.Add((marker, size));
        }
    }

    /// <summary>Waits until the garbage is at most an eighth of the heap, or the limits above are reached.</summary>
    public static async Task WaitAsync()
    {
        for (var count = 0; count < MaximumCollections && Size() > GC.GetGCMemoryInfo().HeapSizeBytes / HeapShare; count++)
        {
            await CollectAsync().ConfigureAwait(false);
        }
    }

    private static async Task CollectAsync()
    {
        var completed = CompletedCollections();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
        for (var poll = 0; poll < MaximumPolls && CompletedCollections() == completed; poll++)
        {
            await Task.Delay(PollInterval).ConfigureAwait(false);
        }
    }

    // The indexes of the last full collections of both kinds: the sum moves when one of them ends.
    private static long CompletedCollections() =>
        GC.GetGCMemoryInfo(GCKind.Background).Index + GC.GetGCMemoryInfo(GCKind.FullBlocking).Index;

    private static long Size()
    {
        lock (Lock)
        {
            Finished.RemoveAll(memory => !memory.Marker.IsAlive);
            return Finished.Sum(memory => memory.Size);
        }
    }
}
