using Callroute.Mfa.TestServers;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Callroute.Mfa.Redis.Tests;

/// <summary>Servers whose settings cost records, and the warnings that say so.</summary>
public sealed class ServerCheckTests
{
    private static readonly byte[] Document = new byte[100_000];

    [Theory]
    [InlineData(RedisProtocol.Resp2)]
    [InlineData(RedisProtocol.Resp3)]
    public async Task CheckAsync_SoundServer_WarnsOfNothing(RedisProtocol protocol)
    {
        await using var server = await StartAsync();
        await using var redis = await RedisLink.ConnectAsync(server.ConnectionString, options => options.Protocol = protocol);
        var durable = new RedisMfaStore(redis, new RedisMfaStoreOptions { RequireDurable = true, DurableReplicas = 0 });

        Assert.Empty(await new RedisMfaStore(redis).CheckAsync(RedisLink.Token));
        Assert.Empty(await durable.CheckAsync(RedisLink.Token));
        Assert.True((await (await Person.EnrollAsync(durable)).VerifyAsync("000000")).Reason == RefusalReason.WrongCode);
    }

    [Fact]
    public async Task FindAsync_FirstUse_LogsTheWarningsOnceWithServerSettingAndRemedy()
    {
        await using var server = await StartAsync("--maxmemory-policy", "allkeys-lru", "--appendonly", "no");
        await using var redis = await RedisLink.ConnectAsync(server);
        var logger = new Lines();
        var store = new RedisMfaStore(redis, logger: logger);

        await store.FindAsync(new MfaSubject("alice"), RedisLink.Token);
        await store.FindAsync(new MfaSubject("alice"), RedisLink.Token);

        Assert.Collection(
            logger.Warnings,
            line => Assert.Equal($"Redis server {server.ConnectionString}: maxmemory-policy is allkeys-lru: the server may evict records, and with them enrolments, recovery codes and throttles. Set it to noeviction.", line),
            line => Assert.Equal($"Redis server {server.ConnectionString}: appendonly is no: a crash loses every record written since the last snapshot. Set it to yes.", line));
    }

    [Fact]
    public async Task CheckAsync_UnsoundServer_GivesWhatItLogs()
    {
        await using var server = await StartAsync("--maxmemory-policy", "volatile-ttl");
        await using var redis = await RedisLink.ConnectAsync(server);
        var logger = new Lines();

        var warnings = await new RedisMfaStore(redis, logger: logger).CheckAsync(RedisLink.Token);

        Assert.Equal(logger.Warnings, warnings);
        Assert.Contains("maxmemory-policy is volatile-ttl", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckAsync_Cluster_SpeaksOfEveryPrimary()
    {
        Assert.SkipUnless(RedisClusterServer.WhyMissing is null, RedisClusterServer.WhyMissing ?? string.Empty);
        await using var cluster = await RedisClusterServer.StartNewAsync();
        await using var redis = await RedisLink.ConnectAsync(cluster.ConnectionString);
        cluster.Nodes[1].Execute("CONFIG", "SET", "maxmemory-policy", "volatile-lru");

        var warning = Assert.Single(await new RedisMfaStore(redis).CheckAsync(RedisLink.Token));

        Assert.Contains($"{cluster.Nodes[1].ConnectionString}: maxmemory-policy is volatile-lru", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckAsync_ServerThatTellsNothing_IsAWarningAndStopsNothing()
    {
        await using var server = await StartAsync();
        server.Execute("ACL", "SETUSER", "shy", "on", ">secret-password", "~*", "&*", "+@all", "-info", "-config");
        await using var redis = await RedisLink.ConnectAsync($"{server.ConnectionString},user=shy,password=secret-password");
        var store = new RedisMfaStore(redis);

        var warning = Assert.Single(await store.CheckAsync(RedisLink.Token));

        Assert.Contains("its settings could not be read", warning, StringComparison.Ordinal);
        Assert.True(await store.TryWriteAsync(new MfaSubject("alice"), Document, Guid.NewGuid(), null, RedisLink.Token));
        var durable = new RedisMfaStore(redis, new RedisMfaStoreOptions { RequireDurable = true, DurableReplicas = 0 });
        await Assert.ThrowsAnyAsync<RedisServerException>(async () => await durable.FindAsync(new MfaSubject("alice"), RedisLink.Token));
    }

    [Fact]
    public async Task CheckAsync_ConfigForbidden_SaysWhatItCouldNotSee()
    {
        await using var server = await StartAsync();
        server.Execute("ACL", "SETUSER", "managed", "on", "nopass", "~*", "&*", "+@all", "-config");
        await using var redis = await RedisLink.ConnectAsync($"{server.ConnectionString},user=managed,password=x");

        var warning = Assert.Single(await new RedisMfaStore(redis).CheckAsync(RedisLink.Token));

        Assert.Contains("appendfsync is unknown", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckAsync_ServerAway_SaysThatNothingWasChecked()
    {
        await using var server = await StartAsync();
        await server.KillAsync();
        await using var redis = await RedisLink.ConnectAsync(server);

        Assert.Equal(["No Redis primary is connected: nothing was checked."], await new RedisMfaStore(redis).CheckAsync(RedisLink.Token));
    }

    [Fact]
    public async Task TryWriteAsync_MemoryFullAndKeysMayGo_EvictsARecord()
    {
        await using var server = await StartAsync("--maxmemory", "8mb", "--maxmemory-policy", "allkeys-lru", "--appendonly", "no");
        await using var redis = await RedisLink.ConnectAsync(server);
        var store = new RedisMfaStore(redis);
        var subjects = Enumerable.Range(0, 200).Select(i => new MfaSubject($"user-{i}")).ToArray();
        foreach (var subject in subjects)
        {
            Assert.True(await store.TryWriteAsync(subject, Document, Guid.NewGuid(), null, RedisLink.Token));
        }

        // Any of them: the server's clock of use has seconds.
        var found = await Task.WhenAll(subjects.Select(subject => store.FindAsync(subject, RedisLink.Token).AsTask()));
        Assert.Contains(null, found);
    }

    [Fact]
    public async Task TryWriteAsync_MemoryFullAndNoEviction_ThrowsAndKeepsWhatIsThere()
    {
        await using var server = await StartAsync("--maxmemory-policy", "noeviction");
        await using var redis = await RedisLink.ConnectAsync(server);
        var store = new RedisMfaStore(redis);
        var person = await Person.EnrollAsync(store);
        server.Execute("CONFIG", "SET", "maxmemory", "1kb");

        var exception = await Assert.ThrowsAnyAsync<RedisServerException>(async () => await store.TryWriteAsync(new MfaSubject("bob"), Document, Guid.NewGuid(), null, RedisLink.Token));

        Assert.Contains("OOM", exception.Message, StringComparison.Ordinal);
        Assert.NotNull(await store.FindAsync(person.Subject, RedisLink.Token));
        Assert.Equal(RefusalReason.Unavailable, (await person.VerifyAsync(person.Phone.GetCode())).Reason);
        server.Execute("CONFIG", "SET", "maxmemory", "0");
        Assert.True((await person.VerifyAsync(person.Phone.GetCode())).Succeeded);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnyCall_PrimaryBecameAReplica_ThrowsAndDoesNotGuess(bool requireDurable)
    {
        await using var pair = await ReplicaPair.StartAsync();
        await using var redis = await RedisLink.ConnectAsync(pair.Replica.ConnectionString, options => options.ConfigCheckSeconds = 600);
        pair.Replica.Execute("REPLICAOF", "NO", "ONE");
        await redis.ConfigureAsync();
        var store = new RedisMfaStore(redis, new RedisMfaStoreOptions { RequireDurable = requireDurable, DurableReplicas = 0 });
        var version = Guid.NewGuid();

        // A promoted replica first writes its file, and is refused meanwhile.
        await RedisLink.UntilWorksAsync(async () => Assert.True(await store.TryWriteAsync(new MfaSubject("alice"), Document, version, null, RedisLink.Token)));

        pair.Replica.Execute("REPLICAOF", "127.0.0.1", $"{pair.Primary.Port}");

        // By the server, or by the driver where it has noticed. What a replica holds may be old: a read of it is no answer, also where it would write nothing.
        await Assert.ThrowsAnyAsync<Exception>(async () => await store.FindAsync(new MfaSubject("alice"), RedisLink.Token));
        await Assert.ThrowsAnyAsync<Exception>(async () => await store.FindAsync(new MfaSubject("carol"), RedisLink.Token));
        await Assert.ThrowsAnyAsync<Exception>(async () => await store.TryWriteAsync(new MfaSubject("bob"), Document, Guid.NewGuid(), null, RedisLink.Token));
        await Assert.ThrowsAnyAsync<Exception>(async () => await store.TryDeleteAsync(new MfaSubject("alice"), version, RedisLink.Token));
    }

    private static async Task<RedisServer> StartAsync(params string[] settings)
    {
        Assert.SkipUnless(RedisServer.WhyMissing is null, RedisServer.WhyMissing ?? string.Empty);
        return await RedisServer.StartNewAsync(settings);
    }

    private sealed class Lines : ILogger<RedisMfaStore>
    {
        public List<string> Warnings { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Assert.Equal(LogLevel.Warning, logLevel);
            Warnings.Add(formatter(state, exception));
        }
    }
}
