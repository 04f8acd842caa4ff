using System.Text;
using Callroute.Mfa.TestServers;
using StackExchange.Redis;

namespace Callroute.Mfa.Redis.Tests;

/// <summary>A real cluster of three primaries.</summary>
public sealed class ClusterTests : IAsyncLifetime
{
    private static readonly byte[] Document = Encoding.UTF8.GetBytes("""{"format":1}""");

    private RedisClusterServer _cluster = null!;
    private ConnectionMultiplexer _redis = null!;
    private RedisMfaStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(RedisClusterServer.WhyMissing is null, RedisClusterServer.WhyMissing ?? string.Empty);
        _cluster = await RedisClusterServer.StartNewAsync();
        _redis = await RedisLink.ConnectAsync(_cluster.ConnectionString);
        _store = new RedisMfaStore(_redis);
    }

    public async ValueTask DisposeAsync()
    {
        await _redis.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task ScanAsync_ManySubjects_ListsAllOfEveryNode()
    {
        var subjects = Enumerable.Range(0, 600).Select(i => new MfaSubject($"user}}:{i}", i % 3 == 0 ? "tenant" : null)).ToHashSet();
        foreach (var subject in subjects)
        {
            Assert.True(await _store.TryWriteAsync(subject, Document, Guid.NewGuid(), null, RedisLink.Token));
        }

        Assert.All(_cluster.Nodes, node => Assert.InRange(int.Parse(node.Execute("DBSIZE"), System.Globalization.CultureInfo.InvariantCulture), 100, 400));
        Assert.Equal(subjects, (await _store.ScanAsync(RedisLink.Token).ToListAsync(RedisLink.Token)).ToHashSet());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TryWriteAsync_SlotMovedToAnotherNode_FindsItThere(bool requireDurable)
    {
        var store = new RedisMfaStore(_redis, new RedisMfaStoreOptions { RequireDurable = requireDurable, DurableReplicas = 0 });
        var (subject, first, second) = (new MfaSubject("alice"), Guid.NewGuid(), Guid.NewGuid());
        Assert.True(await store.TryWriteAsync(subject, Document, first, null, RedisLink.Token));

        MoveSlotOf(KeyOf(subject));

        // With RequireDurable a redirect is not followed: one call fails, and the next one knows the way.
        await RedisLink.UntilWorksAsync(() => store.FindAsync(subject, RedisLink.Token).AsTask());
        Assert.Equal(first, (await store.FindAsync(subject, RedisLink.Token))!.Version);
        Assert.True(await store.TryWriteAsync(subject, Document, second, first, RedisLink.Token));
        Assert.Equal(second, (await store.FindAsync(subject, RedisLink.Token))!.Version);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task VerifyAsync_SlotMovedToAnotherNode_AcceptsNoCodeTwice(bool requireDurable)
    {
        var person = await Person.EnrollAsync(new RedisMfaStore(_redis, new RedisMfaStoreOptions { RequireDurable = requireDurable, DurableReplicas = 0 }));
        Assert.True((await person.VerifyAsync(person.Phone.GetCode())).Succeeded);

        MoveSlotOf(KeyOf(person.Subject));

        VerificationResult result = null!;
        await RedisLink.UntilAsync(async () => (result = await person.VerifyAsync(person.Phone.GetCode())).Reason != RefusalReason.Unavailable);
        Assert.Equal(RefusalReason.Replayed, result.Reason);
        person.NextCode();
        Assert.True((await person.VerifyAsync(person.Phone.GetCode())).Succeeded);
    }

    [Fact]
    public async Task TryWriteAsync_OneNodeHasAReplica_IsConfirmedByThatOfTheOwnerOnly()
    {
        await using var replica = await JoinAsReplicaAsync(_cluster.Nodes[0]);
        var store = new RedisMfaStore(_redis, new RedisMfaStoreOptions { RequireDurable = true, DurabilityTimeout = TimeSpan.FromSeconds(1) });
        var subjects = Enumerable.Range(0, 100).Select(i => new MfaSubject($"user-{i}")).ToArray();
        var (with, without) = (subjects.First(one => IsOwnedBy(_cluster.Nodes[0], one)), subjects.First(one => IsOwnedBy(_cluster.Nodes[1], one)));

        // Warms up the connection to the node that has a replica: its WAIT would say yes to anything.
        await store.FindAsync(with, RedisLink.Token);
        Assert.True(await store.TryWriteAsync(with, Document, Guid.NewGuid(), null, RedisLink.Token));
        await Assert.ThrowsAsync<TimeoutException>(async () => await store.TryWriteAsync(without, Document, Guid.NewGuid(), null, RedisLink.Token));
    }

    [Fact]
    public async Task TryWriteAsync_SlotUnderWayFromANodeWithAReplica_IsNotConfirmedByIt()
    {
        await using var replica = await JoinAsReplicaAsync(_cluster.Nodes[0]);
        var store = new RedisMfaStore(_redis, new RedisMfaStoreOptions { RequireDurable = true });
        var subject = Enumerable.Range(0, 100).Select(i => new MfaSubject($"user-{i}")).First(one => IsOwnedBy(_cluster.Nodes[0], one));
        var slot = _cluster.Nodes[0].Execute("CLUSTER", "KEYSLOT", KeyOf(subject));
        _cluster.Nodes[1].Execute("CLUSTER", "SETSLOT", slot, "IMPORTING", _cluster.Nodes[0].Execute("CLUSTER", "MYID"));
        _cluster.Nodes[0].Execute("CLUSTER", "SETSLOT", slot, "MIGRATING", _cluster.Nodes[1].Execute("CLUSTER", "MYID"));

        await Assert.ThrowsAnyAsync<RedisException>(async () => await store.TryWriteAsync(subject, Document, Guid.NewGuid(), null, RedisLink.Token));

        // Who asks for no confirmation is sent on to the other node.
        Assert.True(await _store.TryWriteAsync(subject, Document, Guid.NewGuid(), null, RedisLink.Token));
        Assert.Equal("1", _cluster.Nodes[1].Execute("DBSIZE"));
    }

    [Fact]
    public async Task VerifyAsync_NodeKilledAndStarted_IsUnavailableMeanwhile()
    {
        var person = await Person.EnrollAsync(_store);
        var owner = OwnerOf(KeyOf(person.Subject));
        var code = person.Phone.GetCode();
        Assert.True((await person.VerifyAsync(code)).Succeeded);

        await owner.KillAsync();
        Assert.Equal(RefusalReason.Unavailable, (await person.VerifyAsync(code)).Reason);
        await Assert.ThrowsAnyAsync<Exception>(async () => await _store.ScanAsync(RedisLink.Token).ToListAsync(RedisLink.Token));
        await owner.StartAsync();
        await _cluster.WaitUntilJoinedAsync();

        VerificationResult result = null!;
        await RedisLink.UntilAsync(async () => (result = await person.VerifyAsync(code)).Reason != RefusalReason.Unavailable);
        Assert.Equal(RefusalReason.Replayed, result.Reason);
        person.NextCode();
        Assert.True((await person.VerifyAsync(person.Phone.GetCode())).Succeeded);
    }

    [Fact]
    public async Task VerifyAsync_ReplicaOfTheNodeTakesOver_ShowsTheLossThatTheDocumentationNames()
    {
        var person = await Person.EnrollAsync(_store);
        var owner = OwnerOf(KeyOf(person.Subject));
        await using var replica = await JoinAsReplicaAsync(owner);
        replica.Pause();
        owner.Execute("CLIENT", "KILL", "TYPE", "replica");
        var code = person.Phone.GetCode();
        Assert.True((await person.VerifyAsync(code)).Succeeded);

        await owner.KillAsync();
        replica.Resume();
        Assert.Equal(RefusalReason.Unavailable, (await person.VerifyAsync(code)).Reason);
        await RedisLink.UntilAsync(() => Task.FromResult(replica.Execute("CLUSTER", "FAILOVER", "TAKEOVER") == "OK" && replica.Execute("INFO", "replication").Contains("role:master", StringComparison.Ordinal)));

        VerificationResult result = null!;
        await RedisLink.UntilAsync(async () => (result = await person.VerifyAsync(code)).Reason != RefusalReason.Unavailable);
        Assert.True(result.Succeeded, result.ToString());
    }

    private static string KeyOf(MfaSubject subject) => SubjectKey.Format("callroute:mfa:", subject);

    private static bool IsOwnedBy(RedisServer node, MfaSubject subject) =>
        !node.Execute("GET", KeyOf(subject)).StartsWith("MOVED", StringComparison.Ordinal);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.TrimEntries);

    private RedisServer OwnerOf(string key)
    {
        var slot = _cluster.Nodes[0].Execute("CLUSTER", "KEYSLOT", key);
        return _cluster.Nodes.Single(node => node.Execute("CLUSTER", "COUNTKEYSINSLOT", slot) != "0");
    }

    private void MoveSlotOf(string key)
    {
        var source = OwnerOf(key);
        var target = _cluster.Nodes.First(node => node != source);
        var slot = source.Execute("CLUSTER", "KEYSLOT", key);
        var (sourceId, targetId) = (source.Execute("CLUSTER", "MYID"), target.Execute("CLUSTER", "MYID"));
        target.Execute("CLUSTER", "SETSLOT", slot, "IMPORTING", sourceId);
        source.Execute("CLUSTER", "SETSLOT", slot, "MIGRATING", targetId);
        foreach (var moved in Lines(source.Execute("CLUSTER", "GETKEYSINSLOT", slot, "100")))
        {
            source.Execute("MIGRATE", "127.0.0.1", $"{target.Port}", moved, "0", "5000");
        }

        foreach (var node in new[] { target, source })
        {
            node.Execute("CLUSTER", "SETSLOT", slot, "NODE", targetId);
        }
    }

    private async Task<RedisServer> JoinAsReplicaAsync(RedisServer primary)
    {
        var replica = await RedisClusterServer.StartNodeAsync("--repl-timeout", "600", "--cluster-replica-no-failover", "yes");
        var primaryId = primary.Execute("CLUSTER", "MYID");
        var bus = Lines(primary.Execute("CONFIG", "GET", "cluster-port"))[1];
        replica.Execute("CLUSTER", "MEET", "127.0.0.1", $"{primary.Port}", bus);
        await RedisLink.UntilAsync(() => Task.FromResult(replica.Execute("CLUSTER", "REPLICATE", primaryId) == "OK"));
        await RedisLink.UntilAsync(() => Task.FromResult(primary.Execute("INFO", "replication").Contains("state=online", StringComparison.Ordinal)));
        await RedisLink.UntilAsync(() => Task.FromResult(_cluster.Nodes.All(node => node.Execute("CLUSTER", "NODES").Contains($":{replica.Port}@", StringComparison.Ordinal))));
        await _redis.ConfigureAsync();
        return replica;
    }
}
