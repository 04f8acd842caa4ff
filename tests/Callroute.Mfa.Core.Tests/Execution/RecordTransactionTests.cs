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
        _store.OnWrite = async write => ++writes >= 20 && await write() && writes > 20;

        var reset = await _scenario.ResetAsync();

        Assert.False((await _scenario.StatusAsync()).IsEnabled);
        Assert.True(reset.Succeeded, reset.Outcome.ToString());
    }

    [Fact]
    public async Task RunAsync_WriteFailsAndTheReadShowsOurVersion_IsDone()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var writes = 0;
        _store.OnWrite = async write => await write() && ++writes % 2 == 1 ? throw new IOException("The response was lost.") : true;

        Assert.True((await _scenario.VerifyAsync(phone.GetCode())).Succeeded);
        Assert.True((await _scenario.ResetAsync()).Succeeded);
        Assert.False((await _scenario.StatusAsync()).IsEnabled);
    }

    // If a driver gives up, PostgreSQL stops waiting for its standby: readers see the write, and a failover would lose it.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_NoWriteIsAcknowledgedButReadsShowOurs_IsUnavailable(bool isReportedLost)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        _store.OnWrite = async write => await write() && !isReportedLost ? throw new IOException("No standby has it.") : false;

        var result = await _scenario.VerifyAsync(phone.GetCode());

        Assert.Equal(RefusalReason.Unavailable, result.Reason);
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
            var isFirst = !cancellation.IsCancellationRequested;
            await cancellation.CancelAsync();
            return isWritten && !isFirst;
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

    public static TheoryData<string> Writers =>
        ["verify", "recover", "begin", "confirm", "regenerate", "acknowledge", "remove", "rename", "revoke", "disable"];

    // A node so far behind would take waits and lockouts for too long, and cut them.
    [Theory]
    [MemberData(nameof(Writers))]
    public async Task RunAsync_ClockMoreThanFiveMinutesBehind_RefusesAndWritesNothing(string operation)
    {
        var (act, document) = await PrepareAsync(operation);
        _scenario.Clock.AdjustTime(_scenario.Clock.GetUtcNow() - TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        _scenario.Events.Clear();

        Assert.Equal("ClockBehind", await act());
        Assert.Equal(document, await _scenario.DocumentAsync());
        Assert.Equal([MfaEventKind.ClockBehind], _scenario.Events.Select(e => e.Kind));
    }

    private async Task<(Func<Task<string>> Act, string Document)> PrepareAsync(string operation)
    {
        var (phone, codes) = await _scenario.EnrollAsync();
        var proof = await _scenario.ReceiptAsync(phone.GetCode());
        var (offer, device) = await _scenario.BeginAndScanAsync(proof);
        var made = (await _scenario.RegenerateAsync(proof)).RecoveryCodes;
        var id = await _scenario.FirstAuthenticatorAsync();
        return (
            async () => operation switch
            {
                "verify" => Text(await _scenario.VerifyAsync(_scenario.WrongCode(phone))),
                "recover" => Text(await _scenario.VerifyAsync(codes!.Reveal()[0])),
                "begin" => (await _scenario.BeginAsync(proof)).Outcome.ToString(),
                "confirm" => (await _scenario.ConfirmAsync(offer, device.GetCode())).Outcome.ToString(),
                "regenerate" => (await _scenario.RegenerateAsync(proof)).Outcome.ToString(),
                "acknowledge" => (await _scenario.AcknowledgeAsync(made)).Outcome.ToString(),
                "remove" => (await _scenario.RemoveAsync(id, proof)).Outcome.ToString(),
                "rename" => (await _scenario.Mfa.RenameAuthenticatorAsync(_scenario.User, id, "New", Scenario.Token)).Outcome.ToString(),
                "revoke" => (await _scenario.RevokeAsync(proof)).Outcome.ToString(),
                _ => (await _scenario.DisableAsync(proof)).Outcome.ToString(),
            },
            await _scenario.DocumentAsync());

        static string Text(VerificationResult result) => result.Reason?.ToString() ?? "Succeeded";
    }

    // Nothing that they write depends on the time, so a wrong clock must not make the record older or younger.
    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task RunAsync_RotationAndSignOutOnAWrongClock_WorkAndKeepTheTimeOfTheRecord(int days)
    {
        var keys = new TwoKeys();
        var scenario = new Scenario(protector: keys.OnlyOld);
        await scenario.EnrollAsync();
        var before = (await scenario.RecordAsync()).WrittenAt;
        scenario.Clock.AdjustTime(scenario.Clock.GetUtcNow() + TimeSpan.FromDays(days));

        await scenario.Mfa.EndRepeatableAnswersAsync(scenario.User, Scenario.Token);
        var rotated = await scenario.Beside(protector: keys.Both).RotateKeysAsync();

        var record = await scenario.RecordAsync();
        Assert.True(Assert.Single(rotated).WasChanged);
        Assert.Equal((before, null), (record.WrittenAt, record.RepeatableAnswer));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_RecordFromTheFuture_IsRepairedByAnAdministrator(bool isReset)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        _scenario.Clock.Advance(TimeSpan.FromDays(1));
        await _scenario.FailAsync(1, phone);
        _scenario.Clock.AdjustTime(_scenario.Clock.GetUtcNow() - TimeSpan.FromDays(1));

        var repaired = await (isReset ? _scenario.ResetAsync() : _scenario.UnlockAsync());

        Assert.True(repaired.Succeeded);
        Assert.Equal(_scenario.Clock.GetUtcNow(), (await _scenario.RecordAsync()).WrittenAt);
        if (!isReset)
        {
            await _scenario.AssertAcceptsNextAsync(phone);
        }
    }

    // Another node is a little behind. Its write must not make the record younger than the last one.
    [Fact]
    public async Task RunAsync_ClockALittleBehind_KeepsTheLatestTime()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        await _scenario.FailAsync(1, phone);
        var latest = (await _scenario.RecordAsync()).WrittenAt;
        _scenario.Clock.AdjustTime(_scenario.Clock.GetUtcNow() - TimeSpan.FromMinutes(5));

        await _scenario.FailAsync(1, phone);

        Assert.Equal(latest, (await _scenario.RecordAsync()).WrittenAt);
    }
}
