using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Sodium;
using Callroute.Mfa.Storage;

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
            parsed.GetRequiredValue(Hasher) == "sodium" ? new SodiumRecoveryCodeHasher() : new Argon2RecoveryCodeHasher(),
            new MfaOptions
            {
                Issuer = "Load",
                CallTimeout = TimeSpan.FromMinutes(1),
                Recovery =
                {
                    HashConcurrency = parsed.GetValue(Gate),
                    HashQueueLength = parsed.GetValue(Queue),
                    MaximumHashWait = TimeSpan.FromMinutes(1),
                },
            },
            parsed.GetValue(Attempts),
            parsed.GetValue(Heap)));
        return command;
    }

    private static async Task<int> RunAsync(IRecoveryCodeHasher hasher, MfaOptions options, int attempts, int heapMib)
    {
        var confirmations = await PrepareAsync(hasher, options, attempts);
        var heap = Enumerable.Range(0, heapMib * 16_384).Select(_ => new byte[40]).ToArray();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        var residentBefore = process.WorkingSet64;
        var allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
        var watch = Stopwatch.StartNew();

        var hashed = await Task.WhenAll(confirmations.Select(confirm => Task.Run(confirm)));

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

    /// <summary>Makes users whose enrolment waits for its first code: confirming it hashes one recovery code.</summary>
    /// <returns>For each user, what confirms and tells whether the code was hashed; false if the service was busy.</returns>
    private static async Task<List<Func<Task<bool>>>> PrepareAsync(IRecoveryCodeHasher hasher, MfaOptions options, int users)
    {
        var keys = new KeyRing("k1", new Dictionary<string, byte[]> { ["k1"] = RandomNumberGenerator.GetBytes(32) });
        var mfa = new MfaService(
            new InMemoryMfaStore(), new AesGcmSecretProtector(keys), hasher, options);
        List<Func<Task<bool>>> confirmations = [];
        for (var i = 0; i < users; i++)
        {
            var user = new MfaSubject($"user {i}");
            var offer = await mfa.BeginEnrollmentAsync(user, user.UserId);
            var code = Totp.Generate(offer.Uri!.Secret, offer.Uri.Totp!, TimeProvider.System.GetUtcNow());
            confirmations.Add(async () => HasHashed(await mfa.ConfirmEnrollmentAsync(user, offer.EnrollmentId, code)));
        }

        return confirmations;
    }

    private static bool HasHashed(MfaChangeResult confirmed) => confirmed.Outcome switch
    {
        MfaChangeOutcome.Succeeded => true,
        MfaChangeOutcome.Busy => false,
        var other => throw new InvalidOperationException($"The enrolment ended with {other}."),
    };

    private static void Print(string name, long value) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {value}"));
}
