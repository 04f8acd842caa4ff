using Callroute.Mfa.Storage;

namespace Callroute.Mfa.LoadTest.Growth;

/// <summary>The in-memory store of this process.</summary>
internal sealed class InMemoryPlace : Place
{
    private readonly Dictionary<int, long> _bytes = [];

    public override async Task<IMfaStore> LoadAsync(int size, IEnumerable<Row> rows)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        IMfaStore store = new InMemoryMfaStore();
        foreach (var row in rows)
        {
            await store.TryWriteAsync(row.Subject, row.Record.Document, row.Record.Version, null);
        }

        _bytes[size] = GC.GetTotalMemory(forceFullCollection: true) - before;
        return store;
    }

    public override Task<long> MeasureBytesAsync(int size) => Task.FromResult(_bytes[size]);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
