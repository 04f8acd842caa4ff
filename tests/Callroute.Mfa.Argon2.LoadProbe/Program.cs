using System.Diagnostics;
using System.Globalization;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Sodium;

// Arguments: managed or sodium, attempts at once, gate size, queue length, MiB of small objects that the host keeps.
var numbers = Array.ConvertAll(args[1..], text => int.Parse(text, CultureInfo.InvariantCulture));
var options = new RecoveryOptions { HashConcurrency = numbers[1], HashQueueLength = numbers[2], MaximumHashWait = TimeSpan.FromMinutes(1) };
IRecoveryCodeHasher hasher = args[0] == "sodium" ? new SodiumRecoveryCodeHasher() : new Argon2RecoveryCodeHasher();
var issuer = new RecoveryCodeIssuer(hasher, options);
var settings = hasher.CreateSettings();
var heap = Enumerable.Range(0, numbers[3] * 16_384).Select(_ => new byte[40]).ToArray();
GC.Collect();
using var process = Process.GetCurrentProcess();
var residentBefore = process.WorkingSet64;
var allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
var watch = Stopwatch.StartNew();

var hashed = await Task.WhenAll(Enumerable.Range(0, numbers[0]).Select(_ => Task.Run(AttemptAsync)));

watch.Stop();
process.Refresh();
GC.KeepAlive(heap);
Print("hashed", hashed.Count(hasHashed => hasHashed));
Print("shed", hashed.Count(hasHashed => !hasHashed));
Print("allocated KiB", (GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore) / 1024);
Print("peak added KiB", (process.PeakWorkingSet64 - residentBefore) / 1024);
Print("paused ms", (long)GC.GetTotalPauseDuration().TotalMilliseconds);
Print("lasted ms", watch.ElapsedMilliseconds);

async Task<bool> AttemptAsync()
{
    using var permit = await issuer.TryEnterAsync(CancellationToken.None);
    if (permit is null)
    {
        return false;
    }

    await permit.HashAsync("0123456789ABCDEFGHJKMNPQ"u8.ToArray(), settings);
    return true;
}

static void Print(string name, long value) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {value}"));
