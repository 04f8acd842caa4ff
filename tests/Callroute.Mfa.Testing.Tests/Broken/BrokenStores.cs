using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Tests.Broken;

/// <summary>Every broken store, with the cases that must reject it.</summary>
internal static partial class BrokenStores
{
    public static IReadOnlyList<BrokenStore> All { get; } =
        [.. Writes(), .. Deletes(), .. Versions(), .. Documents(), .. Subjects(), .. Races(), .. Caches(), .. Scans(), .. Surroundings()];

    public static BrokenStore Named(string name) => All.Single(broken => broken.Name == name);

    private static BrokenStore On(string name, Func<IMfaStore, IMfaStore> open, params string[] rejectedBy) =>
        On<object>(name, (data, _) => open(data), rejectedBy);

    /// <param name="name">The defect of the store.</param>
    /// <param name="open">Opens a store on the data, with a state that all stores on that data share.</param>
    /// <param name="rejectedBy">The cases that reject it.</param>
    private static BrokenStore On<TShared>(string name, Func<IMfaStore, TShared, IMfaStore> open, params string[] rejectedBy)
        where TShared : new()
    {
        return new(name, NewData, rejectedBy);

        Func<IMfaStore> NewData()
        {
            var (data, shared) = (new InMemoryMfaStore(), new TShared());
            return () => open(data, shared);
        }
    }

    private static BrokenStore OnFind(
        string name, Func<IMfaStore, MfaSubject, ValueTask<StoredRecord?>> find, params string[] rejectedBy) =>
        On(name, data => new AlteredStore(data) { Find = (subject, _) => find(data, subject) }, rejectedBy);

    private static BrokenStore OnWrite(string name, Func<IMfaStore, WriteCall, ValueTask<bool>> write, params string[] rejectedBy) =>
        On(name, data => new AlteredStore(data) { Write = w => write(data, w) }, rejectedBy);

    private static BrokenStore OnDelete(string name, Func<IMfaStore, DeleteCall, ValueTask<bool>> delete, params string[] rejectedBy) =>
        On(name, data => new AlteredStore(data) { Delete = d => delete(data, d) }, rejectedBy);

    private static BrokenStore OnScan(
        string name, Func<IAsyncEnumerable<MfaSubject>, IAsyncEnumerable<MfaSubject>> list, params string[] rejectedBy) =>
        On(name, data => new AlteredStore(data) { Scan = token => list(data.Subjects(token)) }, rejectedBy);
}
