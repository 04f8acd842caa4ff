using Callroute.Mfa.Storage;

namespace Callroute.Mfa.LoadTest.Ratio;

/// <summary>Our store.</summary>
internal sealed class StoreSwapper(IMfaStore store) : ISwapper
{
    public async Task<bool> SwapAsync(string user, byte[] document, Guid next)
    {
        var subject = new MfaSubject(user);
        var found = await store.FindAsync(subject);
        return await store.TryWriteAsync(subject, document, next, found!.Version);
    }
}
