using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Packages.Tests.Docs.Snippets;

internal static class Faults
{
    public static async Task<int> RunAsync<TUser>(Func<IMfaStore, Task<TUser>> enrollAsync, Func<IMfaStore, TUser, Task> signInAsync)
    {
        // <faults>
        var call = 0;
        FaultInjectingStore store;
        do
        {
            store = FaultInjectingStore.Around(new InMemoryMfaStore());
            var user = await enrollAsync(store);                               // without faults
            store.Arm(StoreFault.TimeOutAfterCommit, atCall: ++call);
            await signInAsync(store, user);                                    // your sign-in, and the assertions after it
        }
        while (store.HasFired);                                                // until every call has failed once
        // </faults>
        return call;
    }
}
