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

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));
    private readonly InMemoryMfaStore _store = new();
    private readonly AesGcmSecretProtector _protector = new(new KeyRing("k1", new Dictionary<string, byte[]> { ["k1"] = RandomNumberGenerator.GetBytes(32) }));

    [Fact]
    public async Task VerifyAsync_CodeHashedByTheManagedHasher_IsAccepted()
    {
        var code = await EnrollAsync(new Argon2RecoveryCodeHasher(64, 1));

        var result = await RecoverAsync(new SodiumRecoveryCodeHasher(64, 1), code);

        Assert.True(result.Succeeded, $"{result} {result.Cause?.Message}");
    }

    [Fact]
    public async Task VerifyAsync_CodeHashedBySodium_IsAcceptedByTheManagedHasher()
    {
        var code = await EnrollAsync(new SodiumRecoveryCodeHasher(64, 1));

        var result = await RecoverAsync(new Argon2RecoveryCodeHasher(64, 1), code);

        Assert.True(result.Succeeded, $"{result} {result.Cause?.Message}");
    }

    [Fact]
    public async Task VerifyAsync_WrongCode_IsWrongByBothHashers()
    {
        await EnrollAsync(new Argon2RecoveryCodeHasher(64, 1));

        var native = await RecoverAsync(new SodiumRecoveryCodeHasher(64, 1), "0123-4567-89AB-CDEF-GHJK-MNPQ");
        var managed = await RecoverAsync(new Argon2RecoveryCodeHasher(64, 1), "0123-4567-89AB-CDEF-GHJK-MNPQ");

        Assert.Equal((RefusalReason.WrongCode, RefusalReason.WrongCode), (native.Reason, managed.Reason));
    }

    [Fact]
    public async Task VerifyAsync_StoredSetOfSeveralLanes_IsUnavailableWithTheCauseAndUncharged()
    {
        var sodium = new SodiumRecoveryCodeHasher(64, 1);
        var code = await EnrollAsync(new Argon2RecoveryCodeHasher(64, 1, 2));

        var result = await RecoverAsync(sodium, code);

        Assert.Equal(RefusalReason.Unavailable, result.Reason);
        Assert.Contains("the settings have p=2", Assert.IsType<NotSupportedException>(result.Cause).Message, StringComparison.Ordinal);
        var status = await ServiceWith(sodium).GetStatusAsync(Alice, TestContext.Current.CancellationToken);
        Assert.Equal(0, status.Recovery.ConsecutiveFailures);
    }

    [Fact]
    public async Task VerifyAsync_StoredSetOfSeveralLanes_IsStillGoodForTheManagedHasher()
    {
        var managed = new Argon2RecoveryCodeHasher(64, 1, 2);
        var code = await EnrollAsync(managed);
        await RecoverAsync(new SodiumRecoveryCodeHasher(64, 1), code);

        var result = await RecoverAsync(managed, code);

        Assert.True(result.Succeeded, $"{result} {result.Cause?.Message}");
    }

    private async Task<string> EnrollAsync(IRecoveryCodeHasher hasher)
    {
        var mfa = ServiceWith(hasher);
        var offer = await mfa.BeginEnrollmentAsync(Alice, "alice@example.com");
        var phone = VirtualAuthenticator.Scan(offer.Uri!.Reveal(), _clock);
        var enrolled = await mfa.ConfirmEnrollmentAsync(Alice, offer.EnrollmentId, phone.GetCode());
        return enrolled.RecoveryCodes!.Reveal()[0];
    }

    private ValueTask<VerificationResult> RecoverAsync(IRecoveryCodeHasher hasher, string code)
    {
        var mfa = ServiceWith(hasher);
        return mfa.VerifyAsync(Alice, code, mfa.BeginAttempt());
    }

    private MfaService ServiceWith(IRecoveryCodeHasher hasher) => new(_store, _protector, hasher, new MfaOptions { Issuer = "Callroute" }, _clock);
}
