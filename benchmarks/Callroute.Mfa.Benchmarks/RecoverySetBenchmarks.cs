using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Sodium;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Benchmarks;

/// <summary>
/// A wrong recovery code against a set of codes, with the whole service and with a loop that hashes it for each code of the set.
/// </summary>
[MemoryDiagnoser]
public class RecoverySetBenchmarks
{
    private const string WrongCode = "0123-4567-89AB-CDEF-GHJK-MNPQ";

    private static readonly byte[] WrongCodeCanonical = "0123456789ABCDEFGHJKMNPQ"u8.ToArray();
    private static readonly MfaSubject Alice = new("user-4711");

    private readonly AesGcmSecretProtector _protector = new(
        new KeyRing("k1", new Dictionary<string, byte[]> { ["k1"] = RandomNumberGenerator.GetBytes(32) }));
    private readonly IRecoveryCodeHasher _hasher = new SodiumRecoveryCodeHasher();
    private MfaService _mfa = null!;
    private (string Settings, byte[] Tag)[] _hashes = [];

    [Params(1, 10, 16)]
    public int Count { get; set; }

    [GlobalSetup]
    public async Task EnrollAsync()
    {
        IMfaStore store = new InMemoryMfaStore();
        var offer = await Service(store).BeginEnrollmentAsync(Alice, "alice@example.com");
        var phone = VirtualAuthenticator.Scan(offer.Uri!.Reveal(), TimeProvider.System);
        var enrolled = await Service(store).ConfirmEnrollmentAsync(Alice, offer.EnrollmentId, phone.GetCode());
        if (enrolled.RecoveryCodes!.Reveal().Count != Count)
        {
            throw new InvalidOperationException("The set has another number of codes.");
        }

        _mfa = Service(new UnchangingStore((await store.FindAsync(Alice))!));
        _hashes = [.. Enumerable.Range(0, Count).Select(_ => (_hasher.CreateSettings(), RandomNumberGenerator.GetBytes(32)))];
    }

    [Benchmark(Baseline = true, Description = "A hash for each code")]
    public async Task<bool> HashOfEach()
    {
        var matches = false;
        foreach (var (settings, tag) in _hashes)
        {
            var computed = await _hasher.HashAsync(WrongCodeCanonical, settings);
            matches |= CryptographicOperations.FixedTimeEquals(tag, computed);
        }

        return matches;
    }

    [Benchmark(Description = "MfaService.VerifyAsync")]
    public async Task<RefusalReason?> Attempt()
    {
        var result = await _mfa.VerifyAsync(Alice, WrongCode, _mfa.BeginAttempt());
        return result.Reason == RefusalReason.WrongCode ? result.Reason : throw new InvalidOperationException($"{result}");
    }

    private MfaService Service(IMfaStore store) => new(
        store,
        _protector,
        _hasher,
        new MfaOptions { Issuer = "Callroute", Recovery = { Count = Count } });

    /// <summary>Discards every write, so that every attempt reads the same record and none is throttled.</summary>
    private sealed class UnchangingStore(StoredRecord record) : IMfaStore
    {
        public ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) => new(record);

        public ValueTask<bool> TryWriteAsync(
            MfaSubject subject,
            ReadOnlyMemory<byte> document,
            Guid newVersion,
            Guid? expected,
            CancellationToken cancellationToken = default) =>
            new(true);

        public ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default) =>
            new(true);
    }
}
