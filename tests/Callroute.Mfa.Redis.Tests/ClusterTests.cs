using Callroute.Mfa.TestServers;
using StackExchange.Redis;

namespace Callroute.Mfa.Redis.Tests;

/// <summary>A real cluster of three primaries, which these tests share.</summary>
public sealed class ClusterTests(SharedCluster shared) : IClassFixture<SharedCluster>
{
    private static readonly byte[] Document = "{\"format\":1}"u8.ToArray();

    // The subjects of this test only, and enough that each node has some.
    private readonly MfaSubject[] _subjects = [.. Enumerable.Range(0, 100).Select(_ => new MfaSubject($"{Guid.NewGuid():N}"))];

    private ConnectionMultiplexer Redis => shared.Redis;

    private IReadOnlyList<RedisServer> Nodes => shared.Cluster.Nodes;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TryWriteAsync_SlotMovedToAnotherNode_FindsItThere(bool requireDurable)
    {
        var store = NewStore(requireDurable);
        var (subject, first, second) = (_subjects[0], Guid.NewGuid(), Guid.NewGuid());
        Assert.True(await store.TryWriteAsync(subject, Document, first, null, Token));

        MoveSlotOf(KeyOf(subject));

        // With RequireDurable a redirect is not followed: one call fails, and the next one goes to the right node.
        await UntilWorksAsync(() => store.FindAsync(subject, Token).AsTask());
        Assert.Equal(first, (await store.FindAsync(subject, Token))!.Version);
        Assert.True(await store.TryWriteAsync(subject, Document, second, first, Token));
        Assert.Equal(second, (await store.FindAsync(subject, Token))!.Version);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task VerifyAsync_SlotMovedToAnotherNode_AcceptsNoCodeTwice(bool requireDurable)
    {
        var user = await EnrolledUser.EnrollAsync(NewStore(requireDurable));
        var code = user.Code;
        Assert.True((await user.VerifyAsync(code)).Succeeded);

        MoveSlotOf(KeyOf(user.User));

        VerificationResult again = null!;
        await UntilAsync(async () => (again = await user.VerifyAsync(code)).Reason != RefusalReason.Unavailable);
        Assert.Equal(RefusalReason.Replayed, again.Reason);
        user.NextCode();
        Assert.True((await user.VerifyAsync(user.Code)).Succeeded);
    }

    [Fact]
    public async Task TryWriteAsync_OneNodeHasAReplica_IsConfirmedByThatOfTheOwnerOnly()
    {
        await using var replica = await JoinAsReplicaAsync(Nodes[0]);
        var store = NewStore(TimeSpan.FromMinutes(1));
        var impatient = NewStore(TimeSpan.FromSeconds(1));
        var (with, without) = (SubjectOf(Nodes[0]), SubjectOf(Nodes[1]));

        // Warms up the connection to the node that has a replica: its WAIT would succeed for any write.
        await store.FindAsync(with, Token);
        Assert.True(await store.TryWriteAsync(with, Document, Guid.NewGuid(), null, Token));
        await Assert.ThrowsAsync<TimeoutException>(
            async () => await impatient.TryWriteAsync(without, Document, Guid.NewGuid(), null, Token));
    }

    [Fact]
    public async Task TryWriteAsync_SlotUnderWayFromANodeWithAReplica_IsNotConfirmedByIt()
    {
        await using var replica = await JoinAsReplicaAsync(Nodes[0]);
        var store = new RedisMfaStore(Redis, new RedisMfaStoreOptions { RequireDurable = true });
        var subject = SubjectOf(Nodes[0]);
        var slot = Nodes[0].Execute("CLUSTER", "KEYSLOT", KeyOf(subject));
        Nodes[1].Execute("CLUSTER", "SETSLOT", slot, "IMPORTING", Nodes[0].Execute("CLUSTER", "MYID"));
        Nodes[0].Execute("CLUSTER", "SETSLOT", slot, "MIGRATING", Nodes[1].Execute("CLUSTER", "MYID"));

        await Assert.ThrowsAnyAsync<RedisException>(async () => await store.TryWriteAsync(subject, Document, Guid.NewGuid(), null, Token));

        // Without confirmation, a call follows the redirect to the other node.
        Assert.True(await new RedisMfaStore(Redis).TryWriteAsync(subject, Document, Guid.NewGuid(), null, Token));
        Assert.Equal("1", Nodes[1].Execute("CLUSTER", "COUNTKEYSINSLOT", slot));
        MoveSlotOf(KeyOf(subject), Nodes[0], Nodes[1]);
    }

    [Fact]
    public async Task CheckAsync_OnePrimaryMayEvict_WarnsOfIt()
    {
        Nodes[1].Execute("CONFIG", "SET", "maxmemory-policy", "volatile-lru");

        var warnings = await new RedisMfaStore(Redis).CheckAsync(Token);
        Nodes[1].Execute("CONFIG", "SET", "maxmemory-policy", "noeviction");

        var warning = Assert.Single(warnings);
        Assert.Contains($"{Nodes[1].ConnectionString}: maxmemory-policy is volatile-lru", warning, StringComparison.Ordinal);
    }

    private static string KeyOf(MfaSubject subject) => SubjectKey.Format("callroute:mfa:", subject);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.TrimEntries);

    private RedisMfaStore NewStore(bool requireDurable) =>
        new(Redis, new RedisMfaStoreOptions { RequireDurable = requireDurable, DurableReplicas = 0 });

    private RedisMfaStore NewStore(TimeSpan durabilityTimeout) =>
        new(Redis, new RedisMfaStoreOptions { RequireDurable = true, DurabilityTimeout = durabilityTimeout });

    private MfaSubject SubjectOf(RedisServer node) =>
        _subjects.First(subject => !node.Execute("GET", KeyOf(subject)).StartsWith("MOVED", StringComparison.Ordinal));

    private RedisServer OwnerOf(string key)
    {
        var slot = Nodes[0].Execute("CLUSTER", "KEYSLOT", key);
        return Nodes.Single(node => node.Execute("CLUSTER", "COUNTKEYSINSLOT", slot) != "0");
    }

    private void MoveSlotOf(string key)
    {
        var source = OwnerOf(key);
        MoveSlotOf(key, source, Nodes.First(node => node != source));
    }

    private static void MoveSlotOf(string key, RedisServer source, RedisServer target)
    {
        var slot = source.Execute("CLUSTER", "KEYSLOT", key);
        var (sourceId, targetId) = (source.Execute("CLUSTER", "MYID"), target.Execute("CLUSTER", "MYID"));
        target.Execute("CLUSTER", "SETSLOT", slot, "IMPORTING", sourceId);
        source.Execute("CLUSTER", "SETSLOT", slot, "MIGRATING", targetId);
        foreach (var moved in Lines(source.Execute("CLUSTER", "GETKEYSINSLOT", slot, "100")).Where(moved => moved.Length > 0))
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
        await UntilAsync(() => Task.FromResult(replica.Execute("CLUSTER", "REPLICATE", primaryId) == "OK"));
        await UntilAsync(() => Task.FromResult(Says(primary, "INFO", "replication", "state=online")));
        await UntilAsync(() => Task.FromResult(Nodes.All(node => Says(node, "CLUSTER", "NODES", $":{replica.Port}@"))));
        await Redis.ConfigureAsync();
        return replica;
    }

    private static bool Says(RedisServer node, string command, string argument, string text) =>
        node.Execute(command, argument).Contains(text, StringComparison.Ordinal);
}
