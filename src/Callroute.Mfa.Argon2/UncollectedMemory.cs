namespace Callroute.Mfa.Argon2;

/// <summary>Tracks and limits the memory of finished hashes that the garbage collector has not freed yet.</summary>
/// <remarks>
/// Static, because the heap belongs to the process. Konscious allocates the memory of a hash on the large object heap, and a
/// caller cannot give it memory to reuse. By itself, the background collector lets dozens of such arrays pile up. A forced blocking
/// collection would stop the whole process, and longer for a larger heap. So the collection runs in the background, and only the next hash
/// waits for it. The bound grows with the heap, because the cost of a collection does.
/// </remarks>
internal static class UncollectedMemory
{
    private const int HeapShare = 8;

    // A collection that is already running does not free memory that is newer than its start. The next collection does.
    private const int MaximumCollections = 3;

    // Half a second for each collection, longer if timers are coarse. Then the hash runs: more memory is better than an endless wait.
    private const int MaximumPolls = 125;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(4);

    private static readonly Lock Lock = new();
    private static readonly List<(WeakReference Marker, long Size)> Finished = [];

    /// <summary>Counts memory that has just become garbage.</summary>
    public static void Add(long size)
    {
        // A pinned array is collected only together with the large object heap, so its end shows that the memory is free.
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

    // The indexes of the last full collections of both kinds: the sum changes when one of them ends.
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
