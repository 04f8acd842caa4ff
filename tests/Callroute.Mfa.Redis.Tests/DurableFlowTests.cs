namespace Callroute.Mfa.Redis.Tests;

/// <summary>Sign-ins while a replica does not confirm.</summary>
public sealed class DurableFlowTests : IAsyncLifetime
{
    private ReplicaPair _pair = null!;

    public async ValueTask InitializeAsync() => _pair = await ReplicaPair.StartAsync();

    public ValueTask DisposeAsync() => _pair.DisposeAsync();

    [Fact]
    public async Task VerifyAsync_ReplicaStandsStill_IsUnavailableAndNeverAccepted()
    {
        var user = await EnrolledUser.EnrollAsync(_pair.NewStore(requireDurable: true));
        var impatient = user.ServiceOn(_pair.NewImpatientStore());
        _pair.Replica.Pause();

        for (var tries = 0; tries < 3; tries++)
        {
            var byApp = await user.VerifyAsync(user.Code, impatient);
            var byRecoveryCode = await user.VerifyAsync(user.RecoveryCode, impatient);

            Assert.Equal(RefusalReason.Unavailable, byApp.Reason);
            Assert.Equal(RefusalReason.Unavailable, byRecoveryCode.Reason);
        }

        // An unconfirmed write may consume the code. The next code works without a restart.
        _pair.Replica.Resume();
        user.NextCode();
        await UntilAsync(async () => (await user.VerifyAsync(user.WrongCode, impatient)).Reason != RefusalReason.Unavailable);
        Assert.True((await user.VerifyAsync(user.Code)).Succeeded);
    }

    [Fact]
    public async Task VerifyAsync_RecoveryRepeatedElsewhereBeforeItIsConfirmed_IsNotAccepted()
    {
        var user = await EnrolledUser.EnrollAsync(_pair.NewStore(requireDurable: true));
        await using var otherRedis = await ConnectAsync(_pair.Primary, _pair.Replica);
        var elsewhere = user.ServiceOn(_pair.NewImpatientStore(otherRedis));
        var attempt = user.Mfa.BeginAttempt();

        // The answer was written, but the user did not get it. First, the same attempt is repeated at a store that requires no
        // confirmation.
        var plain = user.ServiceOn(_pair.NewStore(requireDurable: false));
        _pair.Replica.Pause();
        Assert.True((await user.VerifyAsync(user.RecoveryCode, plain, attempt)).Succeeded);

        Assert.Equal(RefusalReason.Unavailable, (await user.VerifyAsync(user.RecoveryCode, elsewhere, attempt)).Reason);
        _pair.Replica.Resume();
        await UntilAsync(async () => (await user.VerifyAsync(user.RecoveryCode, elsewhere, attempt)).Succeeded);
        Assert.Equal(RefusalReason.WrongCode, (await user.VerifyAsync(user.RecoveryCode, elsewhere)).Reason);
    }

    [Fact]
    public async Task EraseAsync_ReplicaStandsStill_IsNotToldAsDone()
    {
        var user = await EnrolledUser.EnrollAsync(_pair.NewStore(requireDurable: true));
        var impatient = user.ServiceOn(_pair.NewImpatientStore());
        _pair.Replica.Pause();

        await Assert.ThrowsAsync<TimeoutException>(async () => await impatient.EraseAsync(user.User, Token));
    }
}
