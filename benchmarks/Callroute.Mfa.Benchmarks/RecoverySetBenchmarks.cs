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
    private static readonly byte[] WrongCodeCanonical = "0123456789ABCDEFGHJKMNPQ"u8.ToArray();
    private static readonly MfaSubject Alice = new("user-4711");

    private readonly string _wrongCode = RecoveryCode.Generate().Reveal();
    private readonly AesGcmSecretProtector _protector = new(new KeyRing("k1", new Dictionary<string, byte[]> { ["k1"] = RandomNumberGenerator.GetBytes(32) }));
    private readonly SodiumRecoveryCodeHasher _hasher = new();
    private MfaService _mfa = null!;
    private PhcString[] _hashes = [];

    [Params(1, 10, 16)]
    public int Count { get; set; }

    [GlobalSetup]
    public async Task EnrollAsync()
    {
        IMfaStore store = new InMemoryMfaStore();
        var offer = await Service(store).BeginEnrollmentAsync(Alice, "alice@example.com");
        var phone = VirtualAuthenticator.Scan(offer.Uri!.Reveal(), TimeProvider.System);
        var enrolled = await Service(store).ConfirmEnrollmentAsync(Alice, offer.EnrollmentId, phone.GetCode());
        if (enrolled.RecoveryCodes!.Codes.Count != Count)
        {
            throw new InvalidOperationException("The set has another number of codes.");
        }

        _mfa = Service(new UnchangingStore((await store.FindAsync(Alice))!));
        _hashes = [.. Enumerable.Range(0, Count).Select(_ => new PhcString(Argon2Parameters.Default, RandomNumberGenerator.GetBytes(16), RandomNumberGenerator.GetBytes(32)))];
    }

    [Benchmark(Baseline = true, Description = "A hash for each code")]
    public async Task<bool> HashOfEach()
    {
        var matches = false;
        foreach (var hash in _hashes)
        {
            using var permit = await _hasher.TryEnterAsync();
            matches |= hash.Matches(await permit!.HashAsync(WrongCodeCanonical, hash.Salt, hash.Parameters));
        }

        return matches;
    }

    [Benchmark(Description = "MfaService.VerifyAsync")]
    public async Task<RefusalReason?> Attempt()
    {
        var result = await _mfa.VerifyAsync(Alice, _wrongCode, _mfa.BeginAttempt());
        return result.Reason == RefusalReason.WrongCode ? result.Reason : throw new InvalidOperationException($"{result}");
    }

    private MfaService Service(IMfaStore store) => new(
        store,
        _protector,
        _hasher,
        new MfaOptions { Issuer = "Callroute", Recovery = new RecoveryOptions { Count = Count } });

    /// <summary>Discards every write, so that every attempt reads the same record and none is throttled.</summary>
    private sealed class UnchangingStore(StoredRecord record) : IMfaStore
    {
        public ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) => new(record);

        public ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default) => new(true);

        public ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default) => new(true);
    }
}
