using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Callroute.Mfa.Redis.Tests;

/// <summary>Servers whose settings can lose records, and the warnings about them.</summary>
public sealed class ServerCheckTests
{
    private static readonly byte[] Document = new byte[100_000];

    [Theory]
    [InlineData(RedisProtocol.Resp2)]
    [InlineData(RedisProtocol.Resp3)]
    public async Task CheckAsync_SoundServer_WarnsOnlyThatNothingSurvivesAFailover(RedisProtocol protocol)
    {
        await using var server = await StartAsync();
        await using var redis = await ConnectAsync(server.ConnectionString, options => options.Protocol = protocol);
        var durable = new RedisMfaStore(redis, new RedisMfaStoreOptions { RequireDurable = true, DurableReplicas = 0 });

        Assert.Empty(await new RedisMfaStore(redis).CheckAsync(Token));
        Assert.Contains("DurableReplicas is 0: writes survive", Assert.Single(await durable.CheckAsync(Token)), StringComparison.Ordinal);
        var user = await EnrolledUser.EnrollAsync(durable);
        Assert.Equal(RefusalReason.WrongCode, (await user.VerifyAsync(user.WrongCode)).Reason);
    }

    [Fact]
    public async Task FindAsync_FirstUse_LogsTheWarningsOnceWithServerSettingAndRemedy()
    {
        await using var server = await StartAsync("--maxmemory-policy", "allkeys-lru", "--appendonly", "no");
        await using var redis = await ConnectAsync(server);
        var logger = new Lines();
        var store = new RedisMfaStore(redis, logger: logger);

        await store.FindAsync(new MfaSubject("alice"), Token);
        await store.FindAsync(new MfaSubject("alice"), Token);

        string[] expected =
        [
            $"Redis server {server.ConnectionString}: maxmemory-policy is allkeys-lru: the server may evict records, and with them"
                + " enrolments, recovery codes and throttles. Set it to noeviction.",
            $"Redis server {server.ConnectionString}: appendonly is no: a crash loses every record written since the last snapshot."
                + " Set it to yes.",
        ];
        Assert.Equal(expected, logger.Warnings);
        Assert.Equal(expected, await store.CheckAsync(Token));
    }

    [Fact]
    public async Task CheckAsync_ServerThatTellsNothing_IsAWarningAndStopsNothing()
    {
        await using var server = await StartAsync();
        server.Execute("ACL", "SETUSER", "shy", "on", ">secret-password", "~*", "&*", "+@all", "-info", "-config");
        await using var redis = await ConnectAsync($"{server.ConnectionString},user=shy,password=secret-password");
        var store = new RedisMfaStore(redis);

        var warning = Assert.Single(await store.CheckAsync(Token));

        Assert.Contains("its settings could not be read", warning, StringComparison.Ordinal);
        Assert.True(await store.TryWriteAsync(new MfaSubject("alice"), Document, Guid.NewGuid(), null, Token));
        var durable = new RedisMfaStore(redis, new RedisMfaStoreOptions { RequireDurable = true, DurableReplicas = 0 });
        await Assert.ThrowsAnyAsync<RedisServerException>(async () => await durable.FindAsync(new MfaSubject("alice"), Token));
    }

    [Fact]
    public async Task Store_ServerAwayAtTheStart_ThrowsUntilItComes()
    {
        await using var server = await StartAsync();
        await server.KillAsync();
        await using var redis = await ConnectImpatientlyAsync(server);
        var store = new RedisMfaStore(redis);

        await Assert.ThrowsAnyAsync<RedisException>(async () => await store.FindAsync(new MfaSubject("alice"), Token));
        await Assert.ThrowsAnyAsync<Exception>(async () => await store.ScanAsync(Token).ToListAsync(Token));
        Assert.Equal(["No Redis primary is connected: nothing was checked."], await store.CheckAsync(Token));
        await server.StartAsync();

        await UntilWorksAsync(() => store.FindAsync(new MfaSubject("alice"), Token).AsTask());
    }

    [Fact]
    public async Task CheckAsync_ConfigForbidden_SaysWhatItCouldNotSee()
    {
        await using var server = await StartAsync();
        server.Execute("ACL", "SETUSER", "managed", "on", "nopass", "~*", "&*", "+@all", "-config");
        await using var redis = await ConnectAsync($"{server.ConnectionString},user=managed,password=x");

        var warning = Assert.Single(await new RedisMfaStore(redis).CheckAsync(Token));

        Assert.Contains("appendfsync is unknown", warning, StringComparison.Ordinal);
    }

    // A primary that hung and came back was used in turn with its successor: 1,903 codes were accepted twice in 10 s.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnyCall_TwoServersSayThatTheyArePrimary_IsRefusedUntilOneIs(bool requireDurable)
    {
        await using var one = await StartAsync();
        await using var other = await StartAsync();
        await using var redis = await ConnectAsync(one, other);
        var store = new RedisMfaStore(redis, new RedisMfaStoreOptions { RequireDurable = requireDurable, DurableReplicas = 0 });
        var alice = new MfaSubject("alice");

        Func<Task>[] calls =
        [
            async () => await store.FindAsync(alice, Token),
            async () => await store.TryWriteAsync(alice, Document, Guid.NewGuid(), null, Token),
            async () => await store.TryDeleteAsync(alice, Guid.NewGuid(), Token),
            async () => await store.ScanAsync(Token).ToListAsync(Token),
            () => store.CheckAsync(Token),
        ];
        foreach (var call in calls)
        {
            var refused = await Assert.ThrowsAsync<InvalidOperationException>(call);
            Assert.All([one, other], server => Assert.Contains(server.ConnectionString, refused.Message, StringComparison.Ordinal));
        }

        other.Execute("REPLICAOF", "127.0.0.1", $"{one.Port}");
        await redis.ConfigureAsync();
        await UntilWorksAsync(async () => Assert.True(await store.TryWriteAsync(alice, Document, Guid.NewGuid(), null, Token)));
    }

    [Fact]
    public async Task TryWriteAsync_MemoryFullAndNoEviction_ThrowsAndKeepsWhatIsThere()
    {
        await using var server = await StartAsync("--maxmemory-policy", "noeviction");
        await using var redis = await ConnectAsync(server);
        var store = new RedisMfaStore(redis);
        var user = await EnrolledUser.EnrollAsync(store);
        server.Execute("CONFIG", "SET", "maxmemory", "1kb");

        var exception = await Assert.ThrowsAnyAsync<RedisServerException>(
            async () => await store.TryWriteAsync(new MfaSubject("bob"), Document, Guid.NewGuid(), null, Token));

        Assert.Contains("OOM", exception.Message, StringComparison.Ordinal);
        Assert.NotNull(await store.FindAsync(user.User, Token));
        Assert.Equal(RefusalReason.Unavailable, (await user.VerifyAsync(user.Code)).Reason);
        server.Execute("CONFIG", "SET", "maxmemory", "0");
        Assert.True((await user.VerifyAsync(user.Code)).Succeeded);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnyCall_PrimaryBecameAReplica_ThrowsAndDoesNotGuess(bool requireDurable)
    {
        await using var pair = await ReplicaPair.StartAsync();
        await using var redis = await ConnectAsync(pair.Replica.ConnectionString, options => options.ConfigCheckSeconds = 600);
        pair.Replica.Execute("REPLICAOF", "NO", "ONE");
        await redis.ConfigureAsync();
        var store = new RedisMfaStore(redis, new RedisMfaStoreOptions { RequireDurable = requireDurable, DurableReplicas = 0 });
        var version = Guid.NewGuid();

        // A promoted replica first writes its file. The store refuses it until then.
        await UntilWorksAsync(
            async () => Assert.True(await store.TryWriteAsync(new MfaSubject("alice"), Document, version, null, Token)));

        pair.Replica.Execute("REPLICAOF", "127.0.0.1", $"{pair.Primary.Port}");

        // The server refuses, or the driver if it has noticed. A replica may hold old data, so the store must not read it, even for a call
        // that writes nothing.
        var (alice, bob) = (new MfaSubject("alice"), new MfaSubject("bob"));
        Func<Task>[] calls =
        [
            async () => await store.FindAsync(alice, Token),
            async () => await store.FindAsync(bob, Token),
            async () => await store.TryWriteAsync(bob, Document, Guid.NewGuid(), null, Token),
            async () => await store.TryDeleteAsync(alice, version, Token),
        ];
        foreach (var call in calls)
        {
            var refused = await Assert.ThrowsAnyAsync<Exception>(call);
            Assert.True(refused is RedisServerException or RedisConnectionException or InvalidOperationException, $"{refused}");
        }
    }

    private sealed class Lines : ILogger<RedisMfaStore>
    {
        public List<string> Warnings { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Assert.Equal(LogLevel.Warning, logLevel);
            Warnings.Add(formatter(state, exception));
        }
    }
}
