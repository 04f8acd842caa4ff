using System.Security.Cryptography;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Sodium;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Callroute.Mfa.Hashing.Tests.Sodium;

/// <summary>The whole service, where one hasher takes the other's place over the same store.</summary>
public class ServiceTests
{
    private static readonly MfaSubject Alice = new("user-4711");
    private static readonly Argon2Parameters OneLane = new(64, 1, 1);

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));
    private readonly InMemoryMfaStore _store = new();
    private readonly AesGcmSecretProtector _protector = new(new KeyRing("k1", new Dictionary<string, byte[]> { ["k1"] = RandomNumberGenerator.GetBytes(32) }));
    private readonly RecoveryHashGate _gate = new(2, 10, TimeSpan.FromMinutes(1));

    [Fact]
    public async Task VerifyAsync_CodeHashedByTheManagedHasher_IsAccepted()
    {
        var code = await EnrollAsync(new Argon2RecoveryCodeHasher(OneLane, _gate));

        var result = await RecoverAsync(new SodiumRecoveryCodeHasher(OneLane, _gate), code);

        Assert.True(result.Succeeded, $"{result} {result.Cause?.Message}");
    }

    [Fact]
    public async Task VerifyAsync_CodeHashedBySodium_IsAcceptedByTheManagedHasher()
    {
        var code = await EnrollAsync(new SodiumRecoveryCodeHasher(OneLane, _gate));

        var result = await RecoverAsync(new Argon2RecoveryCodeHasher(OneLane, _gate), code);

        Assert.True(result.Succeeded, $"{result} {result.Cause?.Message}");
    }

    [Fact]
    public async Task VerifyAsync_WrongCode_IsWrongByBothHashers()
    {
        await EnrollAsync(new Argon2RecoveryCodeHasher(OneLane, _gate));
        var wrong = RecoveryCode.Generate();

        var native = await RecoverAsync(new SodiumRecoveryCodeHasher(OneLane, _gate), wrong);
        var managed = await RecoverAsync(new Argon2RecoveryCodeHasher(OneLane, _gate), wrong);

        Assert.Equal((RefusalReason.WrongCode, RefusalReason.WrongCode), (native.Reason, managed.Reason));
    }

    [Fact]
    public async Task VerifyAsync_StoredSetOfSeveralLanes_IsUnavailableWithTheCauseAndUncharged()
    {
        var sodium = new SodiumRecoveryCodeHasher(OneLane, _gate);
        var code = await EnrollAsync(new Argon2RecoveryCodeHasher(new Argon2Parameters(64, 1, 2), _gate));

        var result = await RecoverAsync(sodium, code);

        Assert.Equal(RefusalReason.Unavailable, result.Reason);
        Assert.StartsWith("Parallelism must be 1 for libsodium, was 2.", Assert.IsType<ArgumentException>(result.Cause).Message, StringComparison.Ordinal);
        var status = await ServiceWith(sodium).GetStatusAsync(Alice, TestContext.Current.CancellationToken);
        Assert.Equal(0, status.Recovery.ConsecutiveFailures);
    }

    [Fact]
    public async Task VerifyAsync_StoredSetOfSeveralLanes_IsStillGoodForTheManagedHasher()
    {
        var managed = new Argon2RecoveryCodeHasher(new Argon2Parameters(64, 1, 2), _gate);
        var code = await EnrollAsync(managed);
        await RecoverAsync(new SodiumRecoveryCodeHasher(OneLane, _gate), code);

        var result = await RecoverAsync(managed, code);

        Assert.True(result.Succeeded, $"{result} {result.Cause?.Message}");
    }

    private async Task<RecoveryCode> EnrollAsync(IRecoveryCodeHasher hasher)
    {
        var mfa = ServiceWith(hasher);
        var offer = await mfa.BeginEnrollmentAsync(Alice, "alice@example.com");
        var phone = VirtualAuthenticator.Scan(offer.Uri!.Reveal(), _clock);
        var enrolled = await mfa.ConfirmEnrollmentAsync(Alice, offer.EnrollmentId, phone.GetCode());
        return enrolled.RecoveryCodes!.Codes[0];
    }

    private ValueTask<VerificationResult> RecoverAsync(IRecoveryCodeHasher hasher, RecoveryCode code)
    {
        var mfa = ServiceWith(hasher);
        return mfa.VerifyAsync(Alice, code.Reveal(), mfa.BeginAttempt());
    }

    private MfaService ServiceWith(IRecoveryCodeHasher hasher) => new(_store, _protector, hasher, new MfaOptions { Issuer = "Callroute" }, _clock);
}
