using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Core.Tests.Execution;

/// <summary>Changes on a store whose writes conflict, fail or time out.</summary>
public sealed class RecordTransactionTests
{
    private readonly HookedStore _store = new();
    private readonly Scenario _scenario;

    public RecordTransactionTests() => _scenario = new Scenario(store: _store);

    [Fact]
    public async Task RunAsync_EverySwapLost_GivesUpAfterTwentyTries()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var writes = 0;
        _store.OnWrite = _ => new(++writes < 0);

        var result = await _scenario.VerifyAsync(phone.GetCode());

        Assert.Equal(RefusalReason.Unavailable, result.Reason);
        Assert.Equal(20, writes);
    }

    [Fact]
    public async Task DeleteAsync_EveryDeleteLost_GivesUpAfterTwentyTries()
    {
        await _scenario.EnrollAsync();
        var deletes = 0;
        _store.OnDelete = _ => new(++deletes < 0);

        var result = await _scenario.EraseAsync();

        Assert.Equal(MfaChangeOutcome.Unavailable, result.Outcome);
        Assert.Equal(20, deletes);
        Assert.True((await _scenario.StatusAsync()).IsEnabled);
    }

    [Fact]
    public async Task RunAsync_LastTryWrittenAndReportedLost_IsDone()
    {
        await _scenario.EnrollAsync();
        var writes = 0;
        _store.OnWrite = async write => ++writes == 20 && await write() && false;

        var reset = await _scenario.ResetAsync();

        Assert.False((await _scenario.StatusAsync()).IsEnabled);
        Assert.True(reset.Succeeded, reset.Outcome.ToString());
    }

    [Fact]
    public async Task RunAsync_WriteFailsAndTheReadShowsOurVersion_IsDone()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        _store.OnWrite = async write => await write() ? throw new IOException("The response was lost.") : false;

        Assert.True((await _scenario.VerifyAsync(phone.GetCode())).Succeeded);
        Assert.True((await _scenario.ResetAsync()).Succeeded);
        Assert.False((await _scenario.StatusAsync()).IsEnabled);
    }

    [Fact]
    public async Task RunAsync_WriteFailsAndTheReadShowsAnotherVersion_IsRefusedOrThrows()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        _store.OnWrite = _ => throw new IOException("The store is away.");

        var result = await _scenario.VerifyAsync(phone.GetCode());
        await Assert.ThrowsAsync<IOException>(() => _scenario.ResetAsync());
        _store.OnWrite = null;

        Assert.Equal(RefusalReason.Unavailable, result.Reason);
        Assert.IsType<IOException>(result.Cause);
        Assert.True((await _scenario.VerifyAsync(phone.GetCode())).Succeeded);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_StoreCancelsUnasked_IsATimeout(bool atTheRead)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        _store.OnFind = atTheRead ? (_, _) => throw new TaskCanceledException() : null;
        _store.OnWrite = _ => throw new TaskCanceledException();

        var result = await _scenario.VerifyAsync(phone.GetCode());

        Assert.Equal(RefusalReason.Unavailable, result.Reason);
        Assert.IsType<TimeoutException>(result.Cause);
        await Assert.ThrowsAsync<TimeoutException>(() => _scenario.ResetAsync());
    }

    [Fact]
    public async Task RunAsync_CallerCancelsAfterAWriteThatIsReportedLost_Succeeds()
    {
        using var cancellation = new CancellationTokenSource();
        var (phone, _) = await _scenario.EnrollAsync();
        _store.OnWrite = async write =>
        {
            var isWritten = await write();
            await cancellation.CancelAsync();
            return !isWritten;
        };

        var attempt = _scenario.Mfa.BeginAttempt();
        var result = await _scenario.Mfa.VerifyAsync(_scenario.User, phone.GetCode(), attempt, cancellationToken: cancellation.Token);

        Assert.True(result.Succeeded);
    }

    [Fact]
    public async Task RunAsync_StoreCancelsAfterTheWriteWhileTheCallerCancels_IsUnavailable()
    {
        using var cancellation = new CancellationTokenSource();
        var (phone, _) = await _scenario.EnrollAsync();
        _store.OnWrite = async write =>
        {
            await write();
            await cancellation.CancelAsync();
            _store.OnFind = (_, _) => throw new TaskCanceledException();
            throw new TaskCanceledException();
        };

        var result = await _scenario.VerifyAsync(phone.GetCode(), token: cancellation.Token);

        Assert.Equal(RefusalReason.Unavailable, result.Reason);
    }

    // The code of the proof is consumed by then.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_CancelledAfterAWrite_RunsToItsEnd(bool isRegeneration)
    {
        using var cancellation = new CancellationTokenSource();
        var (phone, _) = await _scenario.EnrollAsync();
        _store.OnWrite = async write =>
        {
            var isWritten = await write();
            await cancellation.CancelAsync();
            return isWritten;
        };
        var proof = _scenario.CodeOf(phone);

        var change = isRegeneration
            ? await _scenario.Mfa.RegenerateRecoveryCodesAsync(_scenario.User, proof, cancellation.Token)
            : await _scenario.Mfa.DisableAsync(_scenario.User, MfaPolicy.Optional, proof, cancellation.Token);

        Assert.True(change.Succeeded);
    }

    [Theory]
    [InlineData("lost")]
    [InlineData("cancelled")]
    [InlineData("timed out")]
    public async Task DeleteAsync_DeletedAndNotTold_IsDoneAndRaisesItsEvent(string what)
    {
        using var cancellation = new CancellationTokenSource();
        await _scenario.EnrollAsync();
        _store.OnDelete = async delete =>
        {
            await delete();
            await (what == "cancelled" ? cancellation.CancelAsync() : Task.CompletedTask);
            return what == "timed out" ? throw new TimeoutException() : false;
        };

        var erased = await _scenario.Mfa.EraseAsync(_scenario.User, cancellation.Token);

        Assert.True(erased.Succeeded);
        Assert.Single(_scenario.Events, e => e.Kind == MfaEventKind.Erased);
    }
}
