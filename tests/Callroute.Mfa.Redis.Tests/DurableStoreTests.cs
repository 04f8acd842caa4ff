using Callroute.Mfa.Storage;
using Callroute.Mfa.TestServers;

namespace Callroute.Mfa.Redis.Tests;

/// <summary>RequireDurable on a primary with a replica: WAIT confirms.</summary>
public sealed class DurableStoreTests : IAsyncLifetime
{
    private static readonly byte[] Document = "{\"format\":1}"u8.ToArray();

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

        Assert.True(await _store.TryWriteAsync(_subject, Document, version, null, Token));

        Assert.Equal(version.ToString("N"), _pair.Replica.Execute("HGET", "callroute:mfa:{u:alice}", "v"));
        Assert.Equal(version, (await _store.FindAsync(_subject, Token))!.Version);
    }

    [Fact]
    public async Task FindAsync_RecordConfirmedBefore_WritesNothing()
    {
        await _store.TryWriteAsync(_subject, Document, Guid.NewGuid(), null, Token);
        await _store.FindAsync(_subject, Token);
        var before = Writes();

        await _store.FindAsync(_subject, Token);

        Assert.Equal(before, Writes());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FindAsync_WriteUnconfirmed_ThrowsUntilItIsConfirmed(bool byAnotherProcess)
    {
        var version = Guid.NewGuid();
        await using var otherRedis = await ConnectAsync(_pair.Primary, _pair.Replica);
        var reader = _pair.NewImpatientStore();
        var writer = byAnotherProcess ? _pair.NewImpatientStore(otherRedis) : reader;
        await reader.FindAsync(_subject, Token);
        await writer.FindAsync(_subject, Token);
        _pair.Replica.Pause();
        var exception = await Assert.ThrowsAsync<TimeoutException>(
            async () => await writer.TryWriteAsync(_subject, Document, version, null, Token));

        await Assert.ThrowsAsync<TimeoutException>(async () => await reader.FindAsync(_subject, Token));
        _pair.Replica.Resume();

        Assert.Contains("confirmed by 0 of 1 replicas within 00:00:01;", exception.Message, StringComparison.Ordinal);
        Assert.Equal(version, (await FindWhenConfirmedAsync(reader))!.Version);
        Assert.Equal(version.ToString("N"), _pair.Replica.Execute("HGET", "callroute:mfa:{u:alice}", "v"));
    }

    [Fact]
    public async Task FindAsync_WrittenWithoutConfirmation_IsConfirmedByTheReader()
    {
        var version = Guid.NewGuid();
        await _pair.NewStore(requireDurable: false).TryWriteAsync(_subject, Document, version, null, Token);

        await _store.FindAsync(_subject, Token);

        Assert.Equal(version.ToString("N"), _pair.Replica.Execute("HGET", "callroute:mfa:{u:alice}", "v"));
        await UntilAsync(() => Task.FromResult(_pair.Primary.Execute("HGET", "callroute:mfa:{u:alice}", "c") == version.ToString("N")));
    }

    [Fact]
    public async Task TryDeleteAsync_ReplicaStandsStill_IsNotGoneUntilItIsConfirmed()
    {
        var version = Guid.NewGuid();
        await _store.TryWriteAsync(_subject, Document, version, null, Token);
        var impatient = _pair.NewImpatientStore();
        _pair.Replica.Pause();

        await Assert.ThrowsAsync<TimeoutException>(async () => await impatient.TryDeleteAsync(_subject, version, Token));
        await Assert.ThrowsAsync<TimeoutException>(async () => await impatient.FindAsync(_subject, Token));
        _pair.Replica.Resume();

        Assert.Null(await FindWhenConfirmedAsync(impatient));
        Assert.Equal("0", _pair.Replica.Execute("DBSIZE"));
    }

    [Fact]
    public async Task TryDeleteAsync_ReplicaConfirms_IsGoneAndCostsReadersNothing()
    {
        var version = Guid.NewGuid();
        await _store.TryWriteAsync(_subject, Document, version, null, Token);

        Assert.True(await _store.TryDeleteAsync(_subject, version, Token));
        var before = Writes();

        Assert.Null(await _store.FindAsync(_subject, Token));
        Assert.Equal(before, Writes());
        Assert.Equal("0", _pair.Replica.Execute("DBSIZE"));
    }

    [Theory]
    [InlineData(Confirmation.Wait)]
    [InlineData(Confirmation.Reply)]
    internal async Task ConfirmAsync_AnotherConnectionThanTheWrite_DoesNotCount(Confirmation confirmation)
    {
        var server = _pair.Redis.GetServer(_pair.Primary.ConnectionString);
        var options = new RedisMfaStoreOptions { RequireDurable = true };
        var connection = new PrimaryConnection(server, 0, PrimaryConnection.CountSockets(server), confirmation, options);
        _pair.Replica.Pause();
        await connection.EvaluateAsync(Scripts.Swap, "callroute:mfa:{u:alice}", string.Empty, Guid.NewGuid().ToString("N"), Document);

        // On a new connection WAIT succeeds immediately, because this connection has written nothing.
        Assert.Equal("1", _pair.Primary.Execute("WAIT", "1", "50"));
        _pair.Primary.Execute("CLIENT", "KILL", "ID", $"{(long)await server.ExecuteAsync("CLIENT", "ID")}");
        await UntilAsync(() => Task.FromResult(PrimaryConnection.CountSockets(server) > 1));
        await UntilWorksAsync(() => server.PingAsync());

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
            () => _store.CheckAsync(Token),
            () => _store.FindAsync(_subject, Token).AsTask(),
            () => _store.TryWriteAsync(_subject, Document, Guid.NewGuid(), null, Token).AsTask(),
            () => _store.TryDeleteAsync(_subject, Guid.NewGuid(), Token).AsTask(),
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
        await using var redis = await ConnectAsync(server);
        var store = new RedisMfaStore(redis, new RedisMfaStoreOptions { RequireDurable = true, DurableReplicas = 0 });
        server.Execute("SET", "large", "value");

        // The file is the old one, or none, until its first rewrite has ended: a crash now loses everything.
        server.Execute("CONFIG", "SET", "appendonly", "yes");
        var exception = await Assert.ThrowsAnyAsync<Exception>(
            async () => await store.TryWriteAsync(_subject, Document, Guid.NewGuid(), null, Token));
        Assert.True(exception is InvalidOperationException or TimeoutException, $"{exception}");

        server.Execute("CONFIG", "SET", "rdb-key-save-delay", "0");
        server.Execute("CONFIG", "SET", "appendonly", "no");
        server.Execute("CONFIG", "SET", "appendonly", "yes");
        await UntilWorksAsync(() => store.TryWriteAsync(_subject, Document, Guid.NewGuid(), null, Token).AsTask());
        Assert.NotNull(await store.FindAsync(_subject, Token));
    }

    [Fact]
    public async Task FindAsync_ServerThatRepliesWhenDurable_WritesNothingMore()
    {
        await using var server = await RedisServer.StartNewAsync("--appendonly", "yes", "--appendfsync", "always");
        await using var redis = await ConnectAsync(server);
        var store = new RedisMfaStore(redis, new RedisMfaStoreOptions { RequireDurable = true, DurableReplicas = 0 });
        await store.TryWriteAsync(_subject, Document, Guid.NewGuid(), null, Token);
        var written = SizeOfFile();

        Assert.NotNull(await store.FindAsync(_subject, Token));
        Assert.NotNull(await store.FindAsync(_subject, Token));

        Assert.NotNull(written);
        Assert.Equal(written, SizeOfFile());
        Assert.Equal(string.Empty, server.Execute("HGET", "callroute:mfa:{u:alice}", "c"));

        string? SizeOfFile() => Line(server, "persistence", "aof_current_size:");
    }

    [Fact]
    public async Task TryWriteAsync_ServerCameBackWithOtherSettings_IsCheckedAgain()
    {
        var version = Guid.NewGuid();
        await _store.TryWriteAsync(_subject, Document, version, null, Token);

        await _pair.Primary.KillAsync();
        await _pair.Primary.StartAsync();
        _pair.Primary.Execute("CONFIG", "SET", "maxmemory-policy", "volatile-ttl");
        await UntilWorksAsync(() => _pair.Redis.GetServer(_pair.Primary.ConnectionString).PingAsync());

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(async () => await _store.FindAsync(_subject, Token));
        Assert.Contains("volatile-ttl", exception.Message, StringComparison.Ordinal);
    }

    private static string? Line(RedisServer server, string section, string start) =>
        server.Execute("INFO", section).Split('\n').FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal));

    private string Writes() => Line(_pair.Primary, "commandstats", "cmdstat_hset:")?.Split(',')[0] ?? "none";

    private async Task<StoredRecord?> FindWhenConfirmedAsync(RedisMfaStore store)
    {
        StoredRecord? found = null;
        await UntilWorksAsync(async () => found = await store.FindAsync(_subject, Token));
        return found;
    }
}
