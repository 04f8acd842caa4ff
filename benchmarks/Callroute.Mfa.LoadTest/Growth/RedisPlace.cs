using System.Globalization;
using Callroute.Mfa.Redis;
using Callroute.Mfa.Storage;
using Callroute.Mfa.TestServers;
using StackExchange.Redis;

namespace Callroute.Mfa.LoadTest.Growth;

/// <summary>Redis, with one numbered database of a server for each population.</summary>
internal sealed class RedisPlace : Place
{
    private const int Pipelined = 1000;

    private readonly RedisServer _server;
    private readonly List<ConnectionMultiplexer> _connections = [];
    private readonly Dictionary<int, long> _bytes = [];

    private RedisPlace(RedisServer server) => _server = server;

    public static async Task<Place> StartAsync() => new RedisPlace(await RedisServer.StartNewAsync());

    public override async Task<IMfaStore> LoadAsync(int size, IEnumerable<Row> rows)
    {
        var redis = await ConnectionMultiplexer.ConnectAsync($"{_server.ConnectionString},defaultDatabase={_connections.Count}");
        _connections.Add(redis);
        var store = new RedisMfaStore(redis);
        await store.CheckAsync();
        var before = UsedMemory();
        foreach (var some in rows.Chunk(Pipelined))
        {
            await Task.WhenAll(
                some.Select(row => store.TryWriteAsync(row.Subject, row.Record.Document, row.Record.Version, null).AsTask()));
        }

        await WaitUntilAtRestAsync();
        _bytes[size] = UsedMemory() - before;
        return store;
    }

    public override Task<long> MeasureBytesAsync(int size) => Task.FromResult(_bytes[size]);

    public override async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }

        await _server.DisposeAsync();
    }

    // A rewrite of the append-only file would copy memory pages and occupy a core.
    private async Task WaitUntilAtRestAsync()
    {
        while (Info("persistence", "aof_rewrite_in_progress") + Info("persistence", "aof_rewrite_scheduled") > 0)
        {
            await Task.Delay(100);
        }
    }

    private long UsedMemory() => Info("memory", "used_memory");

    private long Info(string section, string name) => long.Parse(
        _server.Execute("INFO", section).Split('\n').Single(line => line.StartsWith($"{name}:", StringComparison.Ordinal)).Split(':')[1],
        CultureInfo.InvariantCulture);
}
