using Callroute.Mfa.Storage;

namespace Callroute.Mfa.LoadTest.Growth;

/// <summary>An engine that is filled with populations of several sizes, each in a table, file or database of its own.</summary>
internal abstract class Place : IAsyncDisposable
{
    /// <summary>Names them for the command line; each starts a server of its own.</summary>
    public static IReadOnlyDictionary<string, Func<Task<Place>>> All { get; } = new Dictionary<string, Func<Task<Place>>>(StringComparer.OrdinalIgnoreCase)
    {
        ["in-memory"] = () => Task.FromResult<Place>(new InMemoryPlace()),
        ["SQLite"] = () => Task.FromResult<Place>(new SqlitePlace()),
        ["PostgreSQL"] = PostgreSqlPlace.StartAsync,
        ["Redis"] = RedisPlace.StartAsync,
    };

    /// <summary>Makes an empty store for a population and loads the rows past it, in bulk.</summary>
    public abstract Task<IMfaStore> LoadAsync(int size, IEnumerable<Row> rows);

    /// <summary>Measures what a population takes: bytes on the disk, or in memory where it lives there.</summary>
    public abstract Task<long> MeasureBytesAsync(int size);

    public abstract ValueTask DisposeAsync();
}
