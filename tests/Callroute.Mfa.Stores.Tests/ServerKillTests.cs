using Callroute.Mfa.TestServers;

namespace Callroute.Mfa.Stores.Tests;

/// <summary>The server itself is killed with SIGKILL in the middle of sign-ins, and started again; the application keeps running.</summary>
public sealed class ServerKillTests
{
    private const int Members = 120;
    private const int Workers = 8;

    private static async Task KillRepeatedlyAsync(
        string engineName, string? whyMissing, Func<Task<TestServer>> startServer, string settings = "")
    {
        Assert.SkipWhen(whyMissing is not null, whyMissing ?? string.Empty);
        await using var server = await startServer();
        await using var scenario = await StoreScenario.OnAsync(Engines.Named(engineName), server.ConnectionString + settings);
        var accepted = 0;
        for (var kill = 0; kill < ProofSize.Kills; kill++)
        {
            var signIns = await EnrollAsync(scenario);

            await RunAndKillAsync(scenario, server, signIns);
            await server.StartAsync();

            Assert.Contains(signIns, signIn => signIn.Told!.Succeeded);
            Assert.Contains(signIns, signIn => signIn.Told!.Reason == RefusalReason.Unavailable);
            foreach (var signIn in signIns)
            {
                await CheckAsync(scenario, signIn);
            }

            accepted += signIns.Count(signIn => signIn.Told!.Succeeded);
        }

        ProofSize.Tell(
            engineName,
            $"{ProofSize.Kills} kills: accepted before {accepted}, unavailable meanwhile {(ProofSize.Kills * Members) - accepted}");
    }

    private static async Task<SignIn[]> EnrollAsync(StoreScenario scenario)
    {
        var signIns = new SignIn[Members];
        for (var i = 0; i < Members; i++)
        {
            var member = await scenario.EnrollAsync();
            var code = member.Code;
            signIns[i] = new SignIn(member, i % 2 == 0 ? code : member.RecoveryCode, scenario.Mfa.BeginAttempt());
        }

        return signIns;
    }

    private static async Task RunAndKillAsync(StoreScenario scenario, TestServer server, SignIn[] signIns)
    {
        var next = -1;
        var killAt = Random.Shared.Next(Members / 6, Members / 2);
        var workers = Enumerable.Range(0, Workers).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < Members; i = Interlocked.Increment(ref next))
            {
                if (i == killAt)
                {
                    await server.KillAsync();
                }

                signIns[i].Told = await signIns[i].Member.VerifyAsync(signIns[i].Text, attempt: signIns[i].Attempt);
            }
        })).ToArray();
        await Task.WhenAll(workers);
    }

    private static async Task CheckAsync(StoreScenario scenario, SignIn signIn)
    {
        var isRecovery = signIn.Text == signIn.Member.RecoveryCode;
        var again = await UntilAvailableAsync(() => signIn.Member.VerifyAsync(signIn.Text, attempt: isRecovery ? signIn.Attempt : null));
        var third = await signIn.Member.VerifyAsync(signIn.Text);
        Assert.False(third.Succeeded);
        if (isRecovery)
        {
            // The same attempt is repeated for the same user, who then has the new code.
            Assert.True(again.Succeeded, $"{again}");
            var held = signIn.Told!.ReplacementRecoveryCodes ?? again.ReplacementRecoveryCodes!;
            Assert.True((await signIn.Member.VerifyAsync(held.Reveal()[0])).Succeeded);
        }
        else
        {
            Assert.False(signIn.Told!.Succeeded && again.Succeeded);
            Assert.True(again.Succeeded || again.Reason == RefusalReason.Replayed, $"{again}");
        }
    }

    // Connections of the pool that died with the server may cause one failed answer each, but the application need not restart.
    private static async Task<VerificationResult> UntilAvailableAsync(Func<Task<VerificationResult>> verify)
    {
        using var timeOut = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var result = await verify();
            if (result.Reason != RefusalReason.Unavailable)
            {
                return result;
            }

            await Task.Delay(20, timeOut.Token);
        }
    }

    [Theory]
    [InlineData("Sql, PostgreSQL, read committed")]
    [InlineData("EF, PostgreSQL, read committed")]
    public Task VerifyAsync_PostgreSqlKilled_LosesNothingThatWasTold(string engine) =>
        KillRepeatedlyAsync(engine, PostgreSqlServer.WhyMissing, async () => await PostgreSqlServer.StartNewAsync());

    [Theory]
    [InlineData("Sql, MariaDB")]
    public Task VerifyAsync_MariaDbKilled_LosesNothingThatWasTold(string engine) =>
        KillRepeatedlyAsync(engine, MariaDbServer.WhyMissing, async () => await MariaDbServer.StartNewAsync());

    // The driver waits this long for every answer of a server that is down. The default is five seconds.
    [Theory]
    [InlineData("Redis")]
    [InlineData("Redis, durable")]
    public Task VerifyAsync_RedisThatFsyncsKilled_LosesNothingThatWasTold(string engine) =>
        KillRepeatedlyAsync(
            engine, RedisServer.WhyMissing, async () => await RedisServer.StartNewAsync(), ",asyncTimeout=1000,connectTimeout=1000");

    private sealed record SignIn(EnrolledUser Member, string Text, AttemptId Attempt)
    {
        public VerificationResult? Told { get; set; }
    }
}
