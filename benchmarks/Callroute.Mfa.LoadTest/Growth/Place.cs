using Callroute.Mfa.Storage;

namespace Callroute.Mfa.LoadTest.Growth;

/// <summary>An engine with populations of several sizes, each in its own table, file or database.</summary>
internal abstract class Place : IAsyncDisposable
{
    /// <summary>The engines by their names on the command line. Each starts its own server.</summary>
    public static IReadOnlyDictionary<string, Func<Task<Place>>> All { get; } = new Dictionary<string, Func<Task<Place>>>(
        StringComparer.OrdinalIgnoreCase)
    {
        ["in-memory"] = () => Task.FromResult<Place>(new InMemoryPlace()),
        ["SQLite"] = () => Task.FromResult<Place>(new SqlitePlace()),
        ["PostgreSQL"] = PostgreSqlPlace.StartAsync,
        ["Redis"] = RedisPlace.StartAsync,
    };

    /// <summary>Creates a store for a population and loads the rows in bulk, bypassing the store.</summary>
    public abstract Task<IMfaStore> LoadAsync(int size, IEnumerable<Row> rows);

    /// <summary>Measures the size of a population: bytes on the disk, or in memory if the engine keeps its data there.</summary>
    public abstract Task<long> MeasureBytesAsync(int size);

    public abstract ValueTask DisposeAsync();
}
