using Callroute.Mfa.TestServers;
using StackExchange.Redis;

namespace Callroute.Mfa.Redis.Tests;

/// <summary>kill -9 of the server, and what a person meets afterwards.</summary>
public sealed class CrashTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task VerifyAsync_FsyncBeforeReplyAndServerKilled_AcceptsNoUsedCodeAgain(bool requireDurable)
    {
        await using var server = await StartAsync("--appendfsync", "always");
        await using var redis = await RedisLink.ConnectAsync(server);
        var person = await Person.EnrollAsync(new RedisMfaStore(redis, new RedisMfaStoreOptions { RequireDurable = requireDurable, DurableReplicas = 0 }));
        for (var round = 0; round < 3; round++)
        {
            var code = person.Phone.GetCode();
            Assert.True((await person.VerifyAsync(code)).Succeeded);

            await server.KillAsync();
            Assert.Equal(RefusalReason.Unavailable, (await person.VerifyAsync(code)).Reason);
            await server.StartAsync();

            Assert.Equal(RefusalReason.Replayed, (await WhenBackAsync(person, code)).Reason);
            person.NextCode();
        }
    }

    [Fact]
    public async Task VerifyAsync_NoAppendOnlyFileAndServerKilled_IsARefusal()
    {
        await using var server = await StartAsync("--appendonly", "no");
        await using var redis = await RedisLink.ConnectAsync(server);
        var person = await Person.EnrollAsync(new RedisMfaStore(redis));
        Assert.True((await person.VerifyAsync(person.Phone.GetCode())).Succeeded);

        await server.KillAsync();
        await server.StartAsync();
        person.NextCode();

        // The record is lost, and its absence opens nothing.
        Assert.Equal(RefusalReason.NotEnrolled, (await WhenBackAsync(person, person.Phone.GetCode())).Reason);
        Assert.Equal(SignInRequirement.Unavailable, await person.Mfa.GetSignInRequirementAsync(person.Subject, requiredByHost: true, RedisLink.Token));
    }

    [Fact]
    public async Task VerifyAsync_EverySecondAndTheTailOfTheFileLost_MayAcceptAUsedCodeAgain()
    {
        await using var server = await StartAsync("--appendfsync", "everysec", "--aof-load-truncated", "yes", "--auto-aof-rewrite-percentage", "0");
        await using var redis = await RedisLink.ConnectAsync(server);
        var person = await Person.EnrollAsync(new RedisMfaStore(redis));
        var file = Directory.GetFiles(Path.Combine(server.Folder, "appendonlydir"), "*.incr.aof").Single();
        var synced = new FileInfo(file).Length;
        var code = person.Phone.GetCode();
        Assert.True((await person.VerifyAsync(code)).Succeeded);

        // The machine goes down within the second: what was not fsynced yet is not on the disk.
        await server.KillAsync();
        await using (var stream = File.OpenWrite(file))
        {
            stream.SetLength(synced);
        }

        await server.StartAsync();

        Assert.True((await WhenBackAsync(person, code)).Succeeded);
    }

    [Fact]
    public async Task ConnectAsync_ServerAwayAtTheStart_WorksWhenItComes()
    {
        await using var server = await StartAsync();
        await server.KillAsync();
        await using var redis = await RedisLink.ConnectAsync(server);
        var store = new RedisMfaStore(redis);

        await Assert.ThrowsAnyAsync<RedisException>(async () => await store.FindAsync(new MfaSubject("alice"), RedisLink.Token));
        await server.StartAsync();
        await RedisLink.UntilWorksAsync(() => store.FindAsync(new MfaSubject("alice"), RedisLink.Token).AsTask());

        Assert.True((await Person.EnrollAsync(store)).Phone is not null);
    }

    [Fact]
    public async Task VerifyAsync_ServerStandsStill_IsUnavailableAndWorksAfter()
    {
        await using var server = await StartAsync();
        await using var redis = await RedisLink.ConnectAsync(server);
        var person = await Person.EnrollAsync(new RedisMfaStore(redis));
        server.Pause();

        Assert.Equal(RefusalReason.Unavailable, (await person.VerifyAsync(person.Phone.GetCode())).Reason);
        server.Resume();
        Assert.Contains((await WhenBackAsync(person, person.Phone.GetCode())).Reason, new RefusalReason?[] { null, RefusalReason.Replayed });
    }

    private static async Task<RedisServer> StartAsync(params string[] settings)
    {
        Assert.SkipUnless(RedisServer.WhyMissing is null, RedisServer.WhyMissing ?? string.Empty);
        return await RedisServer.StartNewAsync(settings);
    }

    private static async Task<VerificationResult> WhenBackAsync(Person person, string code)
    {
        VerificationResult result = null!;
        await RedisLink.UntilAsync(async () => (result = await person.VerifyAsync(code)).Reason != RefusalReason.Unavailable);
        return result;
    }
}
