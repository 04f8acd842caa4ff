using StackExchange.Redis;

namespace Callroute.Mfa.Redis.Tests;

/// <summary>
/// SIGKILL to a server whose settings can lose records. Callroute.Mfa.Stores.Tests tests servers that fsync.
/// </summary>
public sealed class ServerCrashTests
{
    [Fact]
    public async Task VerifyAsync_NoAppendOnlyFileAndServerKilled_IsARefusal()
    {
        await using var server = await StartAsync("--appendonly", "no");
        await using var redis = await ConnectAsync(server);
        var user = await EnrolledUser.EnrollAsync(new RedisMfaStore(redis));
        Assert.True((await user.VerifyAsync(user.Code)).Succeeded);

        await server.KillAsync();
        await server.StartAsync();
        user.NextCode();

        // The record is lost, but the user cannot sign in without MFA.
        Assert.Equal(RefusalReason.NotEnrolled, (await WhenBackAsync(user, user.Code)).Reason);
        var requirement = await user.Mfa.GetSignInRequirementAsync(user.User, MfaPolicy.Optional, isEnrolled: true, Token);
        Assert.Equal(SignInRequirement.Unavailable, requirement);
    }

    [Fact]
    public async Task VerifyAsync_EverySecondAndTheTailOfTheFileLost_MayAcceptAUsedCodeAgain()
    {
        await using var server = await StartAsync(
            "--appendfsync", "everysec", "--aof-load-truncated", "yes", "--auto-aof-rewrite-percentage", "0");
        await using var redis = await ConnectAsync(server);
        var user = await EnrolledUser.EnrollAsync(new RedisMfaStore(redis));
        var file = Directory.GetFiles(Path.Combine(server.Folder, "appendonlydir"), "*.incr.aof").Single();
        var synced = new FileInfo(file).Length;
        var code = user.Code;
        Assert.True((await user.VerifyAsync(code)).Succeeded);

        // The machine goes down within the second: data that was not synced yet is not on the disk.
        await server.KillAsync();
        await using (var stream = File.OpenWrite(file))
        {
            stream.SetLength(synced);
        }

        await server.StartAsync();

        Assert.True((await WhenBackAsync(user, code)).Succeeded);
    }

    [Fact]
    public async Task Store_ServerAwayAtTheStart_ThrowsUntilItComes()
    {
        await using var server = await StartAsync();
        await server.KillAsync();
        await using var redis = await ConnectAsync(server);
        var store = new RedisMfaStore(redis);

        await Assert.ThrowsAnyAsync<RedisException>(async () => await store.FindAsync(new MfaSubject("alice"), Token));
        await Assert.ThrowsAnyAsync<Exception>(async () => await store.ScanAsync(Token).ToListAsync(Token));
        Assert.Equal(["No Redis primary is connected: nothing was checked."], await store.CheckAsync(Token));
        await server.StartAsync();

        await UntilWorksAsync(() => store.FindAsync(new MfaSubject("alice"), Token).AsTask());
        await EnrolledUser.EnrollAsync(store);
    }
}
