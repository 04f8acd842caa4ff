using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing;
using Polly.CircuitBreaker;

namespace Callroute.Mfa.Packages.Tests.Docs.Snippets;

public sealed class BreakerStoreTests
{
    [Fact]
    public async Task VerifyAsync_StoreFailsOften_IsRefusedWithoutAskingIt()
    {
        var store = FaultInjectingStore.Around(new InMemoryMfaStore());
        var setting = new Setting(store: new BreakerStore(store));
        for (var call = 1; call <= 10; call++)
        {
            store.Arm(StoreFault.ThrowBefore, atCall: 1);
            await setting.VerifyAsync("123456");
        }

        var result = await setting.VerifyAsync("123456");

        Assert.Equal(RefusalReason.Unavailable, result.Reason);
        Assert.IsType<BrokenCircuitException>(result.Cause, exactMatch: false);
    }
}
