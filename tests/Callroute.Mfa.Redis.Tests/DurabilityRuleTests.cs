namespace Callroute.Mfa.Redis.Tests;

public sealed class DurabilityRuleTests
{
    private static readonly ServerReport Sound = new()
    {
        Server = "127.0.0.1:6379",
        Version = new Version(7, 0, 15),
        EvictionPolicy = "noeviction",
        HasAppendOnlyFile = true,
        Fsync = "always",
        NoFsyncOnRewrite = "no",
        ConnectedReplicas = 1,
    };

    [Theory]
    [InlineData("6.0.0", 1, "Wait")]
    [InlineData("7.0.15", 1, "Wait")]
    [InlineData("7.1.99", 2, "Wait")]
    [InlineData("7.2.0", 1, "WaitAof")]
    [InlineData("7.2.4", 0, "WaitAof")]
    [InlineData("8.2.1", 2, "WaitAof")]
    [InlineData("7.0.15", 0, "Reply")]
    public void Choose_SoundServer_IsWhatItsVersionHas(string version, int replicas, string expected) =>
        Assert.Equal(expected, DurabilityRule.Choose(Sound with { Version = Version.Parse(version) }, replicas).ToString());

    [Fact]
    public void Choose_EveryRefusal_NamesTheServerAndTheSetting()
    {
        Refused("maxmemory-policy is allkeys-lru", Sound with { EvictionPolicy = "allkeys-lru" }, 1);
        Refused("maxmemory-policy is unknown", Sound with { EvictionPolicy = null }, 1);
        Refused("appendonly is no;", Sound with { HasAppendOnlyFile = false }, 1);
        Refused("appendonly is unknown", Sound with { HasAppendOnlyFile = null }, 1);
        Refused("appendfsync is everysec", Sound with { Fsync = "everysec" }, 0);
        Refused("appendfsync is unknown", Sound with { Fsync = null }, 0);
        Refused("no-appendfsync-on-rewrite is yes", Sound with { NoFsyncOnRewrite = "yes" }, 0);
        Refused("the server is writing or rewriting its append-only file", Sound with { IsRewritingFile = true }, 0);
        Refused("version 6.2.0 has no WAITAOF", Sound with { Version = new Version(6, 2, 0) }, 0);
        Refused("version unknown has no WAITAOF", Sound with { Version = null }, 0);
    }

    [Fact]
    public void Choose_FileBeingRewritten_IsNoMatterWhereSomethingElseConfirms()
    {
        var rewriting = Sound with { IsRewritingFile = true };

        Assert.Equal(Confirmation.Wait, DurabilityRule.Choose(rewriting, 1));
        Assert.Equal(Confirmation.WaitAof, DurabilityRule.Choose(rewriting with { Version = new Version(7, 2) }, 0));
    }

    [Fact]
    public void Warnings_SoundServer_AreNone() =>
        Assert.Empty(DurabilityRule.Warnings(Sound, new RedisMfaStoreOptions()));

    [Theory]
    [InlineData("maxmemory-policy is allkeys-lru")]
    [InlineData("appendonly is no")]
    [InlineData("version 5.0.9 is older than 6.0")]
    public void Warnings_UnsoundServer_SayWhatIsWrong(string warning)
    {
        var report = Sound with { EvictionPolicy = "allkeys-lru", HasAppendOnlyFile = false, Version = new Version(5, 0, 9) };

        var warnings = DurabilityRule.Warnings(report, new RedisMfaStoreOptions());

        Assert.Contains(warnings, text => text.Contains(warning, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("7.0.15", true, true)]
    [InlineData("7.2.0", true, false)]
    [InlineData("7.2.0", false, true)]
    public void Warnings_EverySecond_AreGivenUnlessWaitAofConfirms(string version, bool requireDurable, bool isWarned)
    {
        var report = Sound with { Fsync = "everysec", Version = Version.Parse(version) };

        var warnings = DurabilityRule.Warnings(report, new RedisMfaStoreOptions { RequireDurable = requireDurable });

        Assert.Equal(isWarned, warnings.Any(text => text.StartsWith("appendfsync is everysec", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("yes", false, true)]
    [InlineData("yes", true, true)]
    [InlineData("no", false, false)]
    [InlineData(null, false, true)]
    public void Warnings_NoFsyncWhileTheFileIsRewritten_AreGiven(string? setting, bool requireDurable, bool isWarned)
    {
        var report = Sound with { NoFsyncOnRewrite = setting };

        var warnings = DurabilityRule.Warnings(report, new RedisMfaStoreOptions { RequireDurable = requireDurable });

        var start = $"no-appendfsync-on-rewrite is {setting ?? "unknown"}";
        Assert.Equal(isWarned, warnings.Any(text => text.StartsWith(start, StringComparison.Ordinal)));
    }

    [Fact]
    public void Warnings_ReplicaMissing_AreGivenWhereItMustConfirm()
    {
        var warnings = DurabilityRule.Warnings(Sound with { ConnectedReplicas = 0 }, new RedisMfaStoreOptions { RequireDurable = true });

        Assert.StartsWith("0 of 1 replicas are connected", Assert.Single(warnings), StringComparison.Ordinal);
    }

    // Garnet's lines are those of its server 2.2.8 with --lua; the others are those that the projects document.
    [Theory]
    [InlineData("Garnet", "garnet_version:2.2.8\r\nserver_name:garnet\r\nredis_version:7.4.3\r\nredis_mode:standalone")]
    [InlineData("Dragonfly", "redis_version:7.4.0\r\ndragonfly_version:df-v1.34.0\r\nredis_mode:standalone")]
    [InlineData("KeyDB", "redis_version:6.3.4\r\nredis_mode:standalone\r\nexecutable:/usr/local/bin/keydb-server")]
    [InlineData("KeyDB", "redis_version:6.3.4\r\n# KeyDB\r\nmvcc_depth:0")]
    [InlineData("Kvrocks", "kvrocks_version:2.12.0\r\nredis_version:7.0.0")]
    [InlineData("example", "redis_version:7.0.0\r\nserver_name:example")]
    [InlineData(null, "redis_version:7.0.15\r\nredis_mode:standalone\r\nexecutable:/usr/bin/redis-server")]
    [InlineData(null, "redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.1.0\r\nserver_mode:standalone")]
    public void RefuseOtherProducts_InfoOfAServer_RefusesAllButRedisAndValkey(string? product, string info)
    {
        var report = Sound with { OtherProduct = ServerReport.FindOtherProduct(ServerReport.ParseInfo($"# Server\r\n{info}")) };

        var refused = Record.Exception(() => DurabilityRule.RefuseOtherProducts(report));

        Assert.Equal(product, report.OtherProduct);
        Assert.Equal(product is not null, refused is NotSupportedException);
        Assert.Contains(product is null ? "" : $"127.0.0.1:6379 is {product}.", refused?.Message ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Warnings_ServersWithAFailover_SayWhatItLoses()
    {
        var options = new RedisMfaStoreOptions { RequireDurable = true, DurableReplicas = 0 };

        var warnings = DurabilityRule.Warnings(Sound with { MinimumReplicas = "0" }, options);

        Assert.Equal(["DurableReplicas is 0", "min-replicas-to-write is 0"], warnings.Select(text => text.Split(':')[0]));
    }

    private static void Refused(string expected, ServerReport report, int replicas)
    {
        var message = Assert.Throws<InvalidOperationException>(() => DurabilityRule.Choose(report, replicas)).Message;
        Assert.Contains("127.0.0.1:6379", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }
}
