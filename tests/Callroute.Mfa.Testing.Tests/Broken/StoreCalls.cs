using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Tests.Broken;

internal static class StoreCalls
{
    public static ValueTask<bool> WriteAsync(this IMfaStore store, WriteCall w) =>
        store.TryWriteAsync(w.Subject, w.Document, w.Version, w.Expected, w.Token);

    public static ValueTask<bool> DeleteAsync(this IMfaStore store, DeleteCall d) => store.TryDeleteAsync(d.Subject, d.Expected, d.Token);

    public static IAsyncEnumerable<MfaSubject> Subjects(this IMfaStore store, CancellationToken token) =>
        ((IMfaStoreScan)store).ScanAsync(token);

    public static async ValueTask<Guid?> VersionAsync(this IMfaStore store, MfaSubject subject, CancellationToken token = default) =>
        (await store.FindAsync(subject, token))?.Version;

    /// <summary>Writes over any stored version.</summary>
    public static async ValueTask<bool> ForceAsync(this IMfaStore store, WriteCall w)
    {
        while (!await store.WriteAsync(w with { Expected = await store.VersionAsync(w.Subject, w.Token) }))
        {
        }

        return true;
    }

    /// <summary>Deletes any stored version.</summary>
    public static async ValueTask<bool> ForceDeleteAsync(this IMfaStore store, MfaSubject subject) =>
        await store.VersionAsync(subject) is { } version && await store.TryDeleteAsync(subject, version);

    /// <summary>Deletes the subject, and all other subjects that a broken store confuses with it.</summary>
    public static async ValueTask<bool> DeleteAllAsync(this IMfaStore store, DeleteCall d, Func<MfaSubject, bool> isTakenForIt)
    {
        var isDeleted = await store.DeleteAsync(d);
        await foreach (var other in store.Subjects(d.Token))
        {
            if (isDeleted && isTakenForIt(other))
            {
                await store.ForceDeleteAsync(other);
            }
        }

        return isDeleted;
    }
}
