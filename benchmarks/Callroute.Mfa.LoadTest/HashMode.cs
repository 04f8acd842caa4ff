using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Sodium;

namespace Callroute.Mfa.LoadTest;

/// <summary>Many attempts hash recovery codes at once, in a process that does nothing else: so its memory can be measured.</summary>
internal static class HashMode
{
    private static readonly Argument<string> Hasher = new("hasher") { Description = "managed or sodium." };
    private static readonly Argument<int> Attempts = new("attempts") { Description = "Attempts at once." };
    private static readonly Argument<int> Gate = new("gate") { Description = "How many hash at once." };
    private static readonly Argument<int> Queue = new("queue") { Description = "How many wait." };
    private static readonly Argument<int> Heap = new("heap")
    {
        Description = "MiB of small objects that the host keeps.",
        DefaultValueFactory = _ => 0,
    };

    public static Command Create()
    {
        Hasher.AcceptOnlyFromAmong("managed", "sodium");
        var command = new Command("hash", "Memory and pauses of a process that hashes recovery codes.")
        {
            Hasher,
            Attempts,
            Gate,
            Queue,
            Heap,
        };
        command.SetAction(parsed => RunAsync(
            CreateHasher(
                parsed.GetRequiredValue(Hasher),
                new RecoveryHashGate(parsed.GetValue(Gate), parsed.GetValue(Queue), TimeSpan.FromMinutes(1))),
            parsed.GetValue(Attempts),
            parsed.GetValue(Heap)));
        return command;
    }

    private static GatedRecoveryCodeHasher CreateHasher(string name, RecoveryHashGate gate) =>
        name == "sodium" ? new SodiumRecoveryCodeHasher(parameters: null, gate) : new Argon2RecoveryCodeHasher(parameters: null, gate);

    private static async Task<int> RunAsync(GatedRecoveryCodeHasher hasher, int attempts, int heapMib)
    {
        var heap = Enumerable.Range(0, heapMib * 16_384).Select(_ => new byte[40]).ToArray();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        var residentBefore = process.WorkingSet64;
        var allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
        var watch = Stopwatch.StartNew();

        var hashed = await Task.WhenAll(Enumerable.Range(0, attempts).Select(_ => Task.Run(() => AttemptAsync(hasher))));

        watch.Stop();
        process.Refresh();
        GC.KeepAlive(heap);
        Print("hashed", hashed.Count(hasHashed => hasHashed));
        Print("shed", hashed.Count(hasHashed => !hasHashed));
        Print("allocated KiB", (GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore) / 1024);
        Print("peak added KiB", (process.PeakWorkingSet64 - residentBefore) / 1024);
        Print("paused ms", (long)GC.GetTotalPauseDuration().TotalMilliseconds);
        Print("lasted ms", watch.ElapsedMilliseconds);
        return 0;
    }

    private static async Task<bool> AttemptAsync(GatedRecoveryCodeHasher hasher)
    {
        using var permit = await hasher.TryEnterAsync();
        if (permit is null)
        {
            return false;
        }

        await permit.HashAsync("0123456789ABCDEFGHJKMNPQ"u8.ToArray(), new byte[16], hasher.Parameters);
        return true;
    }

    private static void Print(string name, long value) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {value}"));
}
