using System.Security.Cryptography;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Sodium;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Callroute.Mfa.Hashing.Tests;

/// <summary>The whole service, with one hasher replaced by the other on the same store.</summary>
public class HasherExchangeTests
{
    private static readonly MfaSubject Alice = new("user-4711");
    private static readonly Argon2RecoveryCodeHasher Managed = new(64, 1);
    private static readonly SodiumRecoveryCodeHasher Native = new(64, 1);

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));
    private readonly InMemoryMfaStore _store = new();
    private readonly AesGcmSecretProtector _protector =
        new(new KeyRing("k1", new Dictionary<string, byte[]> { ["k1"] = RandomNumberGenerator.GetBytes(32) }));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task VerifyAsync_CodeHashedByTheOtherHasher_IsAccepted(bool nativeFirst)
    {
        var (first, second) = nativeFirst ? ((IRecoveryCodeHasher)Native, (IRecoveryCodeHasher)Managed) : (Managed, Native);
        var code = await EnrollAsync(first);

        var wrong = await RecoverAsync(second, "0123-4567-89AB-CDEF-GHJK-MNPQ");
        var right = await RecoverAsync(second, code);

        Assert.Equal(RefusalReason.WrongCode, wrong.Reason);
        Assert.True(right.Succeeded, $"{right} {right.Cause?.Message}");
    }

    [Fact]
    public async Task VerifyAsync_StoredSetOfSeveralLanes_IsUnavailableToSodiumWithoutACountedFailure()
    {
        var managed = new Argon2RecoveryCodeHasher(64, 1, 2);
        var code = await EnrollAsync(managed);

        var result = await RecoverAsync(Native, code);

        Assert.Equal(RefusalReason.Unavailable, result.Reason);
        Assert.Contains("the settings have p=2", Assert.IsType<NotSupportedException>(result.Cause).Message, StringComparison.Ordinal);
        var status = await ServiceWith(Native).GetStatusAsync(Alice, TestContext.Current.CancellationToken);
        Assert.Equal(0, status.RecoveryOnUnknownDevices.ConsecutiveFailures);
        Assert.True((await RecoverAsync(managed, code)).Succeeded);
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

    private MfaService ServiceWith(IRecoveryCodeHasher hasher) =>
        new(_store, _protector, hasher, new MfaOptions { Issuer = "Callroute" }, _clock);
}
