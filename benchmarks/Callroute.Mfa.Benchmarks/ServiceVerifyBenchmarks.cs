using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Benchmarks;

/// <summary>
/// A complete accepted sign-in with an in-memory store, compared with the window alone and with the platform's cryptography alone.
/// </summary>
[MemoryDiagnoser]
public class ServiceVerifyBenchmarks
{
    private const int TagSize = 16;

    private static readonly MfaSubject Alice = new("user-4711");
    private static readonly TotpParameters Parameters = new();
    private static readonly AesGcm Cipher = new(RandomNumberGenerator.GetBytes(32), TagSize);

    private readonly Clock _clock = new();
    private readonly Record _store = new();
    private readonly AesGcmSecretProtector _protector = new(
        new KeyRing("k1", new Dictionary<string, byte[]> { ["k1"] = RandomNumberGenerator.GetBytes(32) }));
    private readonly byte[] _token = new byte[42];
    private readonly byte[] _tokenKey = new byte[32];
    private readonly byte[] _sealedTokenKey = new byte[32];
    private readonly byte[] _tokenKeyTag = new byte[TagSize];
    private readonly byte[] _secret = new byte[20];
    private readonly byte[] _sealedNonce = new byte[12];
    private readonly byte[] _sealedSecret = new byte[20];
    private readonly byte[] _sealedTag = new byte[TagSize];
    private readonly byte[] _context = new byte[120];
    private readonly byte[] _random = new byte[16];
    private readonly byte[] _hash = new byte[SHA256.HashSizeInBytes];
    private byte[] _key = [];
    private string _code = string.Empty;
    private MfaService _mfa = null!;
    private MfaService _vectorized = null!;
    private AttemptId _attempt;

    /// <summary>The number of earlier sign-ins. The document grows until it has 32 events and 16 spent attempts.</summary>
    [Params(0, 40)]
    public int EarlierSignIns { get; set; }

    [GlobalSetup]
    public async Task EnrollAsync()
    {
        _mfa = Service(isVectorized: false);
        _vectorized = Service(isVectorized: true);
        _attempt = _mfa.BeginAttempt();
        var offer = await _mfa.BeginEnrollmentAsync(Alice, "alice@example.com");
        _key = Base32.Decode(offer.Uri!.RevealManualEntryKey(), lenient: true);
        await _mfa.ConfirmEnrollmentAsync(Alice, offer.EnrollmentId, NextCode());
        for (var i = 0; i < EarlierSignIns; i++)
        {
            await _mfa.VerifyAsync(Alice, NextCode(), _mfa.BeginAttempt());
        }

        _code = NextCode();
        _store.IsFrozen = true;
        Cipher.Encrypt(_sealedNonce, _secret, _sealedSecret, _sealedTag, _context);
        Cipher.Encrypt(_sealedNonce, _tokenKey, _sealedTokenKey, _tokenKeyTag, _context);
    }

    [Benchmark(Baseline = true, Description = "The window alone")]
    public bool Window()
    {
        using var secret = SharedSecret.FromBytes(_key);
        return Totp.Verify(secret, Parameters, _code, _clock.GetUtcNow(), 1, 1) is not null;
    }

    /// <summary>
    /// Only the platform's cryptography, on reused instances: verify the window, decrypt the secret and the token key, draw a version and
    /// the id of the device, authenticate the receipt and the device token, and compute the attempt's fingerprint twice.
    /// </summary>
    [Benchmark(Description = "The platform's cryptography alone")]
    public int Platform()
    {
        Cipher.Decrypt(_sealedNonce, _sealedSecret, _sealedTag, _secret, _context);
        Cipher.Decrypt(_sealedNonce, _sealedTokenKey, _tokenKeyTag, _tokenKey, _context);
        RandomNumberGenerator.Fill(_random);
        RandomNumberGenerator.Fill(_random);
        return (Window() ? 1 : 0) + HMACSHA256.HashData(_tokenKey, _token, _hash) + HMACSHA256.HashData(_tokenKey, _token, _hash)
            + SHA256.HashData(_context.AsSpan(0, 39), _hash) + SHA256.HashData(_context.AsSpan(0, 39), _hash);
    }

    [Benchmark(Description = "MfaService.VerifyAsync")]
    public Task<bool> Verify() => VerifyAsync(_mfa);

    [Benchmark(Description = "MfaService.VerifyAsync, vectorised")]
    public Task<bool> VerifyVectorized() => VerifyAsync(_vectorized);

    private async Task<bool> VerifyAsync(MfaService mfa) =>
        (await mfa.VerifyAsync(Alice, _code, _attempt)).Succeeded ? true : throw new InvalidOperationException("Refused.");

    private string NextCode()
    {
        _clock.Forward();
        using var secret = SharedSecret.FromBytes(_key);
        return Totp.Generate(secret, Parameters, _clock.GetUtcNow());
    }

    private MfaService Service(bool isVectorized) =>
        new(_store, _protector, new NoHasher(), new MfaOptions { Issuer = "Callroute", UseVectorizedHmac = isVectorized }, _clock);

    private sealed class Clock : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 11, 24, 12, 0, 10, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now;

        public void Forward() => _now += Parameters.Period;
    }

    /// <summary>
    /// Copies every document like any store. After it is frozen it discards writes, so that every run reads the same record.
    /// </summary>
    private sealed class Record : IMfaStore
    {
        private StoredRecord? _record;

        public bool IsFrozen { get; set; }

        public ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) => new(_record);

        public ValueTask<bool> TryWriteAsync(
            MfaSubject subject,
            ReadOnlyMemory<byte> document,
            Guid newVersion,
            Guid? expected,
            CancellationToken cancellationToken = default)
        {
            var written = new StoredRecord(document.ToArray(), newVersion);
            _record = IsFrozen ? _record : written;
            return new(true);
        }

        public ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
    }

    /// <summary>Returns random bytes instead of a hash, because no recovery code is checked here.</summary>
    private sealed class NoHasher : IRecoveryCodeHasher
    {
        public string CreateSettings() => "none";

        public bool IsCurrent(string settings) => true;

        public Task<byte[]> HashAsync(byte[] input, string settings) => Task.FromResult(RandomNumberGenerator.GetBytes(32));
    }
}
