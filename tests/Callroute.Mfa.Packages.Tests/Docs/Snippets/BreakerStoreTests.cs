using Callroute.Mfa.Argon2;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing;
using Polly.CircuitBreaker;

namespace Callroute.Mfa.Packages.Tests.Docs.Snippets;

public sealed class BreakerStoreTests
{
    [Fact]
    public async Task VerifyAsync_StoreFailsOften_IsRefusedWithoutAskingIt()
    {
        using var keys = new KeyRing("k1", new Dictionary<string, byte[]> { ["k1"] = new byte[32] });
        var store = FaultInjectingStore.Around(new InMemoryMfaStore());
        var options = new MfaOptions { Issuer = "Shop" };
        var mfa = new MfaService(new BreakerStore(store), new AesGcmSecretProtector(keys), new Argon2RecoveryCodeHasher(), options);
        for (var call = 1; call <= 10; call++)
        {
            store.Arm(StoreFault.ThrowBefore, atCall: 1);
            await VerifyAsync(mfa);
        }

        var result = await VerifyAsync(mfa);

        Assert.Equal(RefusalReason.Unavailable, result.Reason);
        Assert.IsType<BrokenCircuitException>(result.Cause, exactMatch: false);
    }

    private static async Task<VerificationResult> VerifyAsync(MfaService mfa) => await mfa.VerifyAsync(
        new MfaSubject("alice"), "123456", mfa.BeginAttempt(), cancellationToken: TestContext.Current.CancellationToken);
}
