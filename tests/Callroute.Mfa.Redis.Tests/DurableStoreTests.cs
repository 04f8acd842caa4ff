using System.Text;
using Callroute.Mfa.Storage;
using Callroute.Mfa.TestServers;

namespace Callroute.Mfa.Redis.Tests;

/// <summary>RequireDurable on a primary with a replica: WAIT confirms.</summary>
public sealed class DurableStoreTests : IAsyncLifetime
{
    private static readonly byte[] Document = Encoding.UTF8.GetBytes("""{"format":1}""");

    private readonly MfaSubject _subject = new("alice");
    private ReplicaPair _pair = null!;
    private RedisMfaStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _pair = await ReplicaPair.StartAsync();
        _store = _pair.NewStore(requireDurable: true);
    }

    public ValueTask DisposeAsync() => _pair.DisposeAsync();

    [Fact]
    public async Task TryWriteAsync_ReplicaConfirms_IsWrittenOnBoth()
    {
        var version = Guid.NewGuid();

        Assert.True(await _store.TryWriteAsync(_subject, Document, version, null, RedisLink.Token));

        Assert.Equal(version.ToString("N"), _pair.Replica.Execute("HGET", "callroute:mfa:{u:alice}", "v"));
        Assert.Equal(version, (await _store.FindAsync(_subject, RedisLink.Token))!.Version);
    }

    [Fact]
    public async Task FindAsync_RecordConfirmedBefore_WritesNothing()
    {
        await _store.TryWriteAsync(_subject, Document, Guid.NewGuid(), null, RedisLink.Token);
        await _store.FindAsync(_subject, RedisLink.Token);
        var before = Offset();

        await _store.FindAsync(_subject, RedisLink.Token);

        Assert.Equal(before, Offset());
    }

    [Fact]
    public async Task TryWriteAsync_ReplicaStandsStill_ThrowsWithinTheTimeOut()
    {
        await _store.FindAsync(_subject, RedisLink.Token);
        _pair.Replica.Pause();

        var exception = await Assert.ThrowsAsync<TimeoutException>(async () => await _store.TryWriteAsync(_subject, Document, Guid.NewGuid(), null, RedisLink.Token));

        Assert.Contains("confirmed by 0 of 1 replicas within 00:00:01;", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_OwnWriteUnconfirmed_ThrowsUntilItIsConfirmed()
    {
        var version = Guid.NewGuid();
        await _store.FindAsync(_subject, RedisLink.Token);
        _pair.Replica.Pause();
        await Assert.ThrowsAsync<TimeoutException>(async () => await _store.TryWriteAsync(_subject, Document, version, null, RedisLink.Token));

        await Assert.ThrowsAsync<TimeoutException>(async () => await _store.FindAsync(_subject, RedisLink.Token));
        _pair.Replica.Resume();

        Assert.Equal(version, (await FindWhenConfirmedAsync(_store))!.Version);
        Assert.Equal(version.ToString("N"), _pair.Replica.Execute("HGET", "callroute:mfa:{u:alice}", "v"));
    }

    [Fact]
    public async Task FindAsync_WriteOfAnotherProcessUnconfirmed_ThrowsUntilItIsConfirmed()
    {
        await using var otherRedis = await RedisLink.ConnectAsync(_pair.Primary, _pair.Replica);
        var other = _pair.NewStore(requireDurable: true, otherRedis);
        await _store.FindAsync(_subject, RedisLink.Token);
        await other.FindAsync(_subject, RedisLink.Token);
        _pair.Replica.Pause();
        await Assert.ThrowsAsync<TimeoutException>(async () => await other.TryWriteAsync(_subject, Document, Guid.NewGuid(), null, RedisLink.Token));

        await Assert.ThrowsAsync<TimeoutException>(async () => await _store.FindAsync(_subject, RedisLink.Token));
        _pair.Replica.Resume();

        Assert.NotNull(await FindWhenConfirmedAsync(_store));
    }

    [Fact]
    public async Task FindAsync_WrittenWithoutConfirmation_IsConfirmedByTheReader()
    {
        var version = Guid.NewGuid();
        await _pair.NewStore(requireDurable: false).TryWriteAsync(_subject, Document, version, null, RedisLink.Token);

        await _store.FindAsync(_subject, RedisLink.Token);

        Assert.Equal(version.ToString("N"), _pair.Replica.Execute("HGET", "callroute:mfa:{u:alice}", "v"));
        await RedisLink.UntilAsync(() => Task.FromResult(_pair.Primary.Execute("HGET", "callroute:mfa:{u:alice}", "c") == version.ToString("N")));
    }

    [Fact]
    public async Task TryDeleteAsync_ReplicaStandsStill_IsNotGoneUntilItIsConfirmed()
    {
        var version = Guid.NewGuid();
        await _store.TryWriteAsync(_subject, Document, version, null, RedisLink.Token);
        _pair.Replica.Pause();

        await Assert.ThrowsAsync<TimeoutException>(async () => await _store.TryDeleteAsync(_subject, version, RedisLink.Token));
        await Assert.ThrowsAsync<TimeoutException>(async () => await _store.FindAsync(_subject, RedisLink.Token));
        _pair.Replica.Resume();

        Assert.Null(await FindWhenConfirmedAsync(_store));
        Assert.Equal("0", _pair.Replica.Execute("DBSIZE"));
    }

    [Fact]
    public async Task TryDeleteAsync_ReplicaConfirms_IsGoneAndCostsReadersNothing()
    {
        var version = Guid.NewGuid();
        await _store.TryWriteAsync(_subject, Document, version, null, RedisLink.Token);

        Assert.True(await _store.TryDeleteAsync(_subject, version, RedisLink.Token));
        var before = Offset();

        Assert.Null(await _store.FindAsync(_subject, RedisLink.Token));
        Assert.Equal(before, Offset());
        Assert.Equal("0", _pair.Replica.Execute("DBSIZE"));
    }

    [Theory]
    [InlineData(Confirmation.Wait)]
    [InlineData(Confirmation.Reply)]
    internal async Task ConfirmAsync_AnotherConnectionThanTheWrite_DoesNotCount(Confirmation confirmation)
    {
        var server = _pair.Redis.GetServer(_pair.Primary.ConnectionString);
        var connection = new PrimaryConnection(server, 0, PrimaryConnection.CountSockets(server), confirmation, new RedisMfaStoreOptions { RequireDurable = true });
        _pair.Replica.Pause();
        await connection.EvaluateAsync(Scripts.Swap, "callroute:mfa:{u:alice}", string.Empty, Guid.NewGuid().ToString("N"), Document);

        // On a new connection WAIT says at once that the replica has what that connection wrote: nothing.
        Assert.Equal("1", _pair.Primary.Execute("WAIT", "1", "50"));
        _pair.Primary.Execute("CLIENT", "KILL", "ID", $"{(long)await server.ExecuteAsync("CLIENT", "ID")}");
        await RedisLink.UntilAsync(() => Task.FromResult(PrimaryConnection.CountSockets(server) > 1));
        await RedisLink.UntilWorksAsync(() => server.PingAsync());

        await Assert.ThrowsAsync<IOException>(connection.ConfirmAsync);
    }

    [Theory]
    [InlineData("maxmemory-policy", "allkeys-lru")]
    [InlineData("appendonly", "no")]
    public async Task AnyCall_SettingThatCannotKeepThePromise_IsRefusedByName(string setting, string value)
    {
        _pair.Primary.Execute("CONFIG", "SET", setting, value);

        foreach (var run in new Func<Task>[]
        {
            () => _store.CheckAsync(RedisLink.Token),
            () => _store.FindAsync(_subject, RedisLink.Token).AsTask(),
            () => _store.TryWriteAsync(_subject, Document, Guid.NewGuid(), null, RedisLink.Token).AsTask(),
            () => _store.TryDeleteAsync(_subject, Guid.NewGuid(), RedisLink.Token).AsTask(),
        })
        {
            var exception = await Assert.ThrowsAsync<InvalidOperationException>(run);
            Assert.Contains($"{setting} is {value}", exception.Message, StringComparison.Ordinal);
        }

        Assert.Equal("0", _pair.Primary.Execute("DBSIZE"));
    }

    [Fact]
    public async Task TryWriteAsync_AppendOnlyFileNotYetThere_IsRefusedUntilItIs()
    {
        await using var server = await RedisServer.StartNewAsync("--appendonly", "no", "--rdb-key-save-delay", "20000000");
        await using var redis = await RedisLink.ConnectAsync(server);
        var store = new RedisMfaStore(redis, new RedisMfaStoreOptions { RequireDurable = true, DurableReplicas = 0 });
        server.Execute("SET", "large", "value");

        // The file is the old one, or none, until its first rewrite has ended: a crash now loses everything.
        server.Execute("CONFIG", "SET", "appendonly", "yes");
        var exception = await Assert.ThrowsAnyAsync<Exception>(async () => await store.TryWriteAsync(_subject, Document, Guid.NewGuid(), null, RedisLink.Token));
        Assert.True(exception is InvalidOperationException or TimeoutException, $"{exception}");

        server.Execute("CONFIG", "SET", "rdb-key-save-delay", "0");
        server.Execute("CONFIG", "SET", "appendonly", "no");
        server.Execute("CONFIG", "SET", "appendonly", "yes");
        await RedisLink.UntilWorksAsync(() => store.TryWriteAsync(_subject, Document, Guid.NewGuid(), null, RedisLink.Token).AsTask());
        Assert.NotNull(await store.FindAsync(_subject, RedisLink.Token));
    }

    [Fact]
    public async Task FindAsync_ServerThatRepliesWhenDurable_WritesNothingMore()
    {
        await using var server = await RedisServer.StartNewAsync("--appendonly", "yes", "--appendfsync", "always");
        await using var redis = await RedisLink.ConnectAsync(server);
        var store = new RedisMfaStore(redis, new RedisMfaStoreOptions { RequireDurable = true, DurableReplicas = 0 });
        await store.TryWriteAsync(_subject, Document, Guid.NewGuid(), null, RedisLink.Token);
        var written = SizeOfFile();

        Assert.NotNull(await store.FindAsync(_subject, RedisLink.Token));
        Assert.NotNull(await store.FindAsync(_subject, RedisLink.Token));

        Assert.Equal(written, SizeOfFile());
        Assert.Equal(string.Empty, server.Execute("HGET", "callroute:mfa:{u:alice}", "c"));

        string SizeOfFile() => server.Execute("INFO", "persistence").Split('\n').Single(line => line.StartsWith("aof_current_size:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TryWriteAsync_ServerCameBackWithOtherSettings_IsCheckedAgain()
    {
        var version = Guid.NewGuid();
        await _store.TryWriteAsync(_subject, Document, version, null, RedisLink.Token);

        await _pair.Primary.KillAsync();
        await _pair.Primary.StartAsync();
        _pair.Primary.Execute("CONFIG", "SET", "maxmemory-policy", "volatile-ttl");
        await RedisLink.UntilWorksAsync(() => _pair.Redis.GetServer(_pair.Primary.ConnectionString).PingAsync());

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(async () => await _store.FindAsync(_subject, RedisLink.Token));
        Assert.Contains("volatile-ttl", exception.Message, StringComparison.Ordinal);
    }

    private string Offset() =>
        _pair.Primary.Execute("INFO", "commandstats").Split('\n').FirstOrDefault(line => line.StartsWith("cmdstat_hset:", StringComparison.Ordinal))?.Split(',')[0] ?? "none";

    private async Task<StoredRecord?> FindWhenConfirmedAsync(RedisMfaStore store)
    {
        StoredRecord? found = null;
        await RedisLink.UntilWorksAsync(async () => found = await store.FindAsync(_subject, RedisLink.Token));
        return found;
    }
}
