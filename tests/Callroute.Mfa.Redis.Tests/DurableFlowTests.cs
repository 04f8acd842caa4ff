namespace Callroute.Mfa.Redis.Tests;

/// <summary>What a person meets while a replica does not confirm, and after a failover.</summary>
public sealed class DurableFlowTests : IAsyncLifetime
{
    private ReplicaPair _pair = null!;

    public async ValueTask InitializeAsync() => _pair = await ReplicaPair.StartAsync();

    public ValueTask DisposeAsync() => _pair.DisposeAsync();

    [Fact]
    public async Task VerifyAsync_ReplicaStandsStill_IsUnavailableAndNeverAccepted()
    {
        var person = await Person.EnrollAsync(_pair.NewStore(requireDurable: true));
        _pair.Replica.Pause();

        for (var tries = 0; tries < 3; tries++)
        {
            var byApp = await person.VerifyAsync(person.Phone.GetCode());
            var byRecoveryCode = await person.VerifyAsync(person.RecoveryCode);

            Assert.Equal(RefusalReason.Unavailable, byApp.Reason);
            Assert.Equal(RefusalReason.Unavailable, byRecoveryCode.Reason);
        }

        // What could not be confirmed may burn the code; the next one works without a restart.
        _pair.Replica.Resume();
        person.NextCode();
        await RedisLink.UntilAsync(async () => (await person.VerifyAsync("000000")).Reason != RefusalReason.Unavailable);
        Assert.True((await person.VerifyAsync(person.Phone.GetCode())).Succeeded);
    }

    [Fact]
    public async Task VerifyAsync_RecoveryRepeatedElsewhereBeforeItIsConfirmed_IsNotAccepted()
    {
        var person = await Person.EnrollAsync(_pair.NewStore(requireDurable: true));
        await using var otherRedis = await RedisLink.ConnectAsync(_pair.Primary, _pair.Replica);
        var elsewhere = person.ServiceOn(_pair.NewStore(requireDurable: true, otherRedis));
        var attempt = person.Mfa.BeginAttempt();

        // Written, but told to nobody: the response is repeated with its attempt at a store that asks for no confirmation first.
        var plain = person.ServiceOn(_pair.NewStore(requireDurable: false));
        _pair.Replica.Pause();
        Assert.True((await person.VerifyAsync(person.RecoveryCode, plain, attempt)).Succeeded);

        Assert.Equal(RefusalReason.Unavailable, (await person.VerifyAsync(person.RecoveryCode, elsewhere, attempt)).Reason);
        _pair.Replica.Resume();
        await RedisLink.UntilAsync(async () => (await person.VerifyAsync(person.RecoveryCode, elsewhere, attempt)).Succeeded);
        Assert.Equal(RefusalReason.WrongCode, (await person.VerifyAsync(person.RecoveryCode, elsewhere)).Reason);
    }

    [Fact]
    public async Task EraseAsync_ReplicaStandsStill_IsNotToldAsDone()
    {
        var person = await Person.EnrollAsync(_pair.NewStore(requireDurable: true));
        _pair.Replica.Pause();

        await Assert.ThrowsAsync<TimeoutException>(async () => await person.Mfa.EraseAsync(person.Subject, RedisLink.Token));
    }

    [Fact]
    public async Task VerifyAsync_FailoverWithoutRequireDurable_MayAcceptAUsedCodeAgain()
    {
        var person = await Person.EnrollAsync(_pair.NewStore(requireDurable: false));
        await _pair.NewStore(requireDurable: true).FindAsync(person.Subject, RedisLink.Token);
        _pair.CutOff();
        var code = person.Phone.GetCode();
        Assert.True((await person.VerifyAsync(code)).Succeeded);

        await _pair.FailOverAsync();

        // The loss that the documentation names.
        Assert.True((await AfterFailoverAsync(person, code)).Succeeded);
    }

    [Fact]
    public async Task VerifyAsync_FailoverWithRequireDurable_AcceptsNoUsedCodeAgain()
    {
        var person = await Person.EnrollAsync(_pair.NewStore(requireDurable: true));
        var code = person.Phone.GetCode();
        var recovered = await person.VerifyAsync(person.RecoveryCode);
        Assert.True(recovered.Succeeded);
        Assert.True((await person.VerifyAsync(code)).Succeeded);
        _pair.CutOff();
        person.NextCode();
        var untold = await person.VerifyAsync(person.Phone.GetCode());

        await _pair.FailOverAsync();
        _pair.Replica.Execute("CONFIG", "SET", "appendonly", "yes");

        Assert.Equal(RefusalReason.Unavailable, untold.Reason);
        Assert.Equal(RefusalReason.Replayed, (await AfterFailoverAsync(person, code)).Reason);
        Assert.Equal(RefusalReason.WrongCode, (await person.VerifyAsync(person.RecoveryCode, person.ServiceOn(_pair.NewStore(requireDurable: false)))).Reason);
    }

    private async Task<VerificationResult> AfterFailoverAsync(Person person, string code)
    {
        // The promoted primary has no replica: only what asks for no confirmation can be written now.
        var service = person.ServiceOn(_pair.NewStore(requireDurable: false));
        VerificationResult result = null!;
        await RedisLink.UntilAsync(async () => (result = await person.VerifyAsync(code, service)).Reason != RefusalReason.Unavailable);
        return result;
    }
}
