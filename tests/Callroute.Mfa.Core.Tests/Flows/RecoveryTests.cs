using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Core.Tests.Flows;

public sealed class RecoveryTests
{
    private readonly Scenario _scenario = new();

    private static MfaOptions Options(int count = 1, bool regenerateOnUse = true, KeyRing? peppers = null) =>
        new() { Issuer = "Callroute", Recovery = { Count = count, RegenerateOnUse = regenerateOnUse, Peppers = peppers } };

    [Fact]
    public async Task VerifyAsync_RecoveryCode_ReplacesTheSetInTheSameAnswer()
    {
        var (_, codes) = await _scenario.EnrollAsync();

        var first = await _scenario.VerifyAsync(codes!.Reveal()[0]);
        var old = await _scenario.VerifyAsync(codes.Reveal()[0]);
        var renewed = await _scenario.VerifyAsync(first.ReplacementRecoveryCodes!.Reveal()[0]);

        Assert.True(first.Succeeded);
        Assert.Equal(MfaMethod.RecoveryCode, first.Method);
        Assert.Equal(RefusalReason.WrongCode, old.Reason);
        Assert.True(renewed.Succeeded);
    }

    [Fact]
    public async Task VerifyAsync_RecoveryCodeAsTyped_IsReadLeniently()
    {
        var (_, codes) = await _scenario.EnrollAsync();
        var typed = codes!.Reveal()[0].ToLowerInvariant().Replace('0', 'o').Replace('1', 'l').Replace("-", " - ", StringComparison.Ordinal);

        var result = await _scenario.VerifyAsync(typed);

        Assert.True(result.Succeeded);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(16)]
    public async Task VerifyAsync_AnyCount_HashesAnAttemptOnce(int count)
    {
        var scenario = new Scenario(Options(count, regenerateOnUse: false));
        var (_, codes) = await scenario.EnrollAsync();
        var before = scenario.Hasher.Runs;

        var wrong = await scenario.VerifyAsync(RecoveryCode.Generate().Reveal());
        var right = await scenario.VerifyAsync(codes!.Reveal()[^1]);

        Assert.Equal(RefusalReason.WrongCode, wrong.Reason);
        Assert.True(right.Succeeded);
        Assert.Equal(before + 2, scenario.Hasher.Runs);
    }

    [Fact]
    public async Task VerifyAsync_NoRecord_HashesNothing()
    {
        var result = await _scenario.VerifyAsync(RecoveryCode.Generate().Reveal());

        Assert.Equal(RefusalReason.NotEnrolled, result.Reason);
        Assert.Equal(0, _scenario.Hasher.Runs);
    }

    [Fact]
    public async Task VerifyAsync_ThrottledRecovery_HashesNothing()
    {
        await _scenario.EnrollAsync();
        await _scenario.FailAsync(4, () => RecoveryCode.Generate().Reveal());
        await _scenario.VerifyAsync(RecoveryCode.Generate().Reveal());
        var before = _scenario.Hasher.Runs;

        var result = await _scenario.VerifyAsync(RecoveryCode.Generate().Reveal());

        Assert.Equal(RefusalReason.Throttled, result.Reason);
        Assert.Equal(before, _scenario.Hasher.Runs);
    }

    [Fact]
    public async Task VerifyAsync_RightRecoveryCode_RefundsItsCharge()
    {
        var (_, codes) = await _scenario.EnrollAsync();
        var code = codes!.Reveal()[0];
        for (var i = 0; i < 40; i++)
        {
            var result = await _scenario.VerifyAsync(code);
            Assert.True(result.Succeeded, $"Use {i}: {result}");
            code = result.ReplacementRecoveryCodes!.Reveal()[0];
        }

        Assert.DoesNotContain(_scenario.Events, e => e.Kind is MfaEventKind.Refused or MfaEventKind.ThrottlingStarted);
        Assert.DoesNotContain((await _scenario.StatusAsync()).RecentEvents, e => e.Kind == MfaEventKind.Refused);
    }

    [Fact]
    public async Task VerifyAsync_FourMissesThenTheRightCode_KeepsOnlyTheMissesInTheHistory()
    {
        var (_, codes) = await _scenario.EnrollAsync();
        await _scenario.FailAsync(4, () => RecoveryCode.Generate().Reveal());

        Assert.True((await _scenario.VerifyAsync(codes!.Reveal()[0])).Succeeded);

        var history = (await _scenario.StatusAsync()).RecentEvents;
        Assert.Equal(3, Assert.Single(history, e => e.Kind == MfaEventKind.Refused).Repeats);
        Assert.DoesNotContain(history, e => e.Kind == MfaEventKind.ThrottlingStarted);
    }

    [Fact]
    public async Task VerifyAsync_SameCodeAndAttemptAgain_GivesTheSameCodes()
    {
        var (_, codes) = await _scenario.EnrollAsync();
        var attempt = _scenario.Mfa.BeginAttempt();
        var first = await _scenario.VerifyAsync(codes!.Reveal()[0], attempt);
        var runs = _scenario.Hasher.Runs;
        _scenario.Clock.Advance(TimeSpan.FromMinutes(9));

        var again = await _scenario.VerifyAsync(codes.Reveal()[0], attempt);

        Assert.True(again.Succeeded);
        Assert.Equal(first.ReplacementRecoveryCodes!.SetId, again.ReplacementRecoveryCodes!.SetId);
        Assert.Equal(first.ReplacementRecoveryCodes.Reveal()[0], again.ReplacementRecoveryCodes.Reveal()[0]);
        Assert.Equal(runs, _scenario.Hasher.Runs);
    }

    [Fact]
    public async Task VerifyAsync_SameCodeWithAnotherAttempt_IsDead()
    {
        var (_, codes) = await _scenario.EnrollAsync();
        await _scenario.VerifyAsync(codes!.Reveal()[0]);

        var result = await _scenario.VerifyAsync(codes.Reveal()[0]);

        Assert.Equal(RefusalReason.WrongCode, result.Reason);
    }

    [Fact]
    public async Task VerifyAsync_RepeatAfterTenMinutes_IsDead()
    {
        var (_, codes) = await _scenario.EnrollAsync();
        var attempt = _scenario.Mfa.BeginAttempt();
        await _scenario.VerifyAsync(codes!.Reveal()[0], attempt);
        _scenario.Clock.Advance(TimeSpan.FromMinutes(10));

        var result = await _scenario.VerifyAsync(codes.Reveal()[0], attempt);

        Assert.Equal(RefusalReason.AttemptSpent, result.Reason);
    }

    [Fact]
    public async Task VerifyAsync_RepeatWhileThrottled_StillGivesTheCodes()
    {
        var (_, codes) = await _scenario.EnrollAsync();
        var attempt = _scenario.Mfa.BeginAttempt();
        await _scenario.VerifyAsync(codes!.Reveal()[0], attempt);
        for (var i = 0; i < 6; i++)
        {
            await _scenario.VerifyAsync(RecoveryCode.Generate().Reveal());
        }

        var again = await _scenario.VerifyAsync(codes.Reveal()[0], attempt);

        Assert.True(again.Succeeded);
    }

    [Fact]
    public async Task VerifyAsync_RepeatAfterAnyLaterWrite_IsDead()
    {
        var (_, codes) = await _scenario.EnrollAsync();
        var attempt = _scenario.Mfa.BeginAttempt();
        var first = await _scenario.VerifyAsync(codes!.Reveal()[0], attempt);
        await _scenario.Mfa.AcknowledgeRecoveryCodesAsync(_scenario.User, first.ReplacementRecoveryCodes!.SetId, Scenario.Token);

        var result = await _scenario.VerifyAsync(codes.Reveal()[0], attempt);

        Assert.Equal(RefusalReason.AttemptSpent, result.Reason);
    }

    [Fact]
    public async Task VerifyAsync_RepeatAfterReset_IsDead()
    {
        var (_, codes) = await _scenario.EnrollAsync();
        var attempt = _scenario.Mfa.BeginAttempt();
        await _scenario.VerifyAsync(codes!.Reveal()[0], attempt);
        await _scenario.Mfa.ResetAsync(_scenario.User, "stolen", Scenario.Token);

        var result = await _scenario.VerifyAsync(codes.Reveal()[0], attempt);

        Assert.Equal(RefusalReason.NotEnrolled, result.Reason);
    }

    [Fact]
    public async Task VerifyAsync_RecordOfAnotherUser_DoesNotOpenTheReplacement()
    {
        var (_, codes) = await _scenario.EnrollAsync();
        var attempt = _scenario.Mfa.BeginAttempt();
        await _scenario.VerifyAsync(codes!.Reveal()[0], attempt);
        var stored = await _scenario.Store.FindAsync(_scenario.User, Scenario.Token);
        var moved = System.Text.Encoding.UTF8.GetString(stored!.Document.Span).Replace("user-1", "user-2", StringComparison.Ordinal);
        var other = new MfaSubject("user-2");
        await _scenario.Store.TryWriteAsync(other, System.Text.Encoding.UTF8.GetBytes(moved), Guid.NewGuid(), null, Scenario.Token);

        var result = await _scenario.Mfa.VerifyAsync(other, codes.Reveal()[0], attempt, Scenario.Token);

        Assert.False(result.Succeeded);
    }

    [Fact]
    public async Task VerifyAsync_WithoutRegeneration_ConsumesEachCodeOnce()
    {
        var scenario = new Scenario(Options(3, regenerateOnUse: false));
        var (_, codes) = await scenario.EnrollAsync();

        foreach (var code in codes!.Reveal())
        {
            var used = await scenario.VerifyAsync(code);
            Assert.True(used.Succeeded);
            Assert.Null(used.ReplacementRecoveryCodes);
        }

        Assert.Equal(0, (await scenario.StatusAsync()).RecoveryCodesLeft);
        Assert.Equal(RefusalReason.NotEnrolled, (await scenario.VerifyAsync(codes.Reveal()[0])).Reason);
    }

    [Fact]
    public async Task RegenerateRecoveryCodesAsync_Pending_BothSetsWorkWithOneHash()
    {
        var scenario = new Scenario(Options(2, regenerateOnUse: false));
        var (phone, old) = await scenario.EnrollAsync();
        var made = await scenario.Mfa.RegenerateRecoveryCodesAsync(scenario.User, scenario.CodeOf(phone), Scenario.Token);
        var before = scenario.Hasher.Runs;

        var viaOld = await scenario.VerifyAsync(old!.Reveal()[0]);
        var viaNew = await scenario.VerifyAsync(made.RecoveryCodes!.Reveal()[0]);
        var viaOldAgain = await scenario.VerifyAsync(old.Reveal()[1]);

        Assert.True(viaOld.Succeeded);
        Assert.True(viaNew.Succeeded);
        Assert.Equal(RefusalReason.WrongCode, viaOldAgain.Reason);
        Assert.Equal(before + 3, scenario.Hasher.Runs);
        Assert.True((await scenario.VerifyAsync(made.RecoveryCodes.Reveal()[1])).Succeeded);
    }

    [Fact]
    public async Task RegenerateRecoveryCodesAsync_Acknowledged_KillsTheOldSet()
    {
        var (phone, old) = await _scenario.EnrollAsync();
        var made = await _scenario.Mfa.RegenerateRecoveryCodesAsync(_scenario.User, _scenario.CodeOf(phone), Scenario.Token);
        var acknowledged = await _scenario.Mfa.AcknowledgeRecoveryCodesAsync(_scenario.User, made.RecoveryCodes!.SetId, Scenario.Token);

        var viaOld = await _scenario.VerifyAsync(old!.Reveal()[0]);
        var viaNew = await _scenario.VerifyAsync(made.RecoveryCodes.Reveal()[0]);

        Assert.True(acknowledged.Succeeded);
        Assert.Equal(RefusalReason.WrongCode, viaOld.Reason);
        Assert.True(viaNew.Succeeded);
    }

    [Fact]
    public async Task RegenerateRecoveryCodesAsync_StrongerParameters_ComeWithTheAcknowledgedSet()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var stronger = new ProbeHasher("stronger");
        var service = new MfaService(_scenario.Store, _scenario.Protector, stronger, _scenario.Options, _scenario.Clock);
        var made = await service.RegenerateRecoveryCodesAsync(_scenario.User, _scenario.CodeOf(phone), Scenario.Token);
        await service.AcknowledgeRecoveryCodesAsync(_scenario.User, made.RecoveryCodes!.SetId, Scenario.Token);

        var document = System.Text.Encoding.UTF8.GetString((await _scenario.Store.FindAsync(_scenario.User, Scenario.Token))!.Document.Span);
        var used = await service.VerifyAsync(_scenario.User, made.RecoveryCodes.Reveal()[0], service.BeginAttempt(), Scenario.Token);

        Assert.Contains("\"settings\":\"stronger$", document, StringComparison.Ordinal);
        Assert.True(used.Succeeded);
    }

    [Fact]
    public async Task AcknowledgeRecoveryCodesAsync_SetThatWasReplaced_IsNotFound()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var proof = await _scenario.ReceiptAsync(phone.GetCode());
        var first = await _scenario.Mfa.RegenerateRecoveryCodesAsync(_scenario.User, proof, Scenario.Token);
        var second = await _scenario.Mfa.RegenerateRecoveryCodesAsync(_scenario.User, proof, Scenario.Token);

        var stale = await _scenario.Mfa.AcknowledgeRecoveryCodesAsync(_scenario.User, first.RecoveryCodes!.SetId, Scenario.Token);
        var current = await _scenario.Mfa.AcknowledgeRecoveryCodesAsync(_scenario.User, second.RecoveryCodes!.SetId, Scenario.Token);

        Assert.Equal(MfaChangeOutcome.NotFound, stale.Outcome);
        Assert.True(current.Succeeded);
        Assert.False((await _scenario.VerifyAsync(first.RecoveryCodes.Reveal()[0])).Succeeded);
    }

    [Fact]
    public async Task GetStatusAsync_SetThatWasNeverAcknowledged_SaysSo()
    {
        var (_, codes) = await _scenario.EnrollAsync();
        var before = await _scenario.StatusAsync();
        await _scenario.Mfa.AcknowledgeRecoveryCodesAsync(_scenario.User, codes!.SetId, Scenario.Token);
        var after = await _scenario.StatusAsync();

        Assert.False(before.AreRecoveryCodesAcknowledged);
        Assert.True(after.AreRecoveryCodesAcknowledged);
    }

    [Fact]
    public async Task VerifyAsync_Pepper_IsNeededAndRotates()
    {
        var old = Scenario.NewKeys("p1");
        var scenario = new Scenario(Options(peppers: old));
        var (_, codes) = await scenario.EnrollAsync();
        var withoutPepper = new MfaService(scenario.Store, scenario.Protector, scenario.Hasher, Options(), scenario.Clock);
        var rotated = new KeyRing("p2", new Dictionary<string, byte[]> { ["p1"] = old.Find(old.ActiveKeyId)!.Bytes, ["p2"] = new byte[32] });
        var withBoth = new MfaService(scenario.Store, scenario.Protector, scenario.Hasher, Options(peppers: rotated), scenario.Clock);

        var missing = await withoutPepper.VerifyAsync(scenario.User, codes!.Reveal()[0], withoutPepper.BeginAttempt(), Scenario.Token);
        var used = await withBoth.VerifyAsync(scenario.User, codes.Reveal()[0], withBoth.BeginAttempt(), Scenario.Token);

        Assert.Equal(RefusalReason.Unavailable, missing.Reason);
        Assert.IsType<SecretProtectionException>(missing.Cause);
        Assert.True(used.Succeeded);
        var document = System.Text.Encoding.UTF8.GetString((await scenario.Store.FindAsync(scenario.User, Scenario.Token))!.Document.Span);
        Assert.Contains("\"pepperKeyId\":\"p2\"", document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VerifyAsync_SettingsThatTheHasherDoesNotSupport_IsUnavailableAndChargesNothing()
    {
        var (_, codes) = await _scenario.EnrollAsync();
        _scenario.Hasher.Barrier = Task.FromException(new NotSupportedException("p=2"));

        var result = await _scenario.VerifyAsync(codes!.Reveal()[0]);

        Assert.Equal(RefusalReason.Unavailable, result.Reason);
        Assert.IsType<NotSupportedException>(result.Cause);
        Assert.Equal(0, (await _scenario.StatusAsync()).Recovery.ConsecutiveFailures);
    }

    [Fact]
    public async Task RegenerateRecoveryCodesAsync_SettingsThatTheHasherDoesNotSupport_ThrowsAndKeepsTheOldCodes()
    {
        var (phone, codes) = await _scenario.EnrollAsync();
        var proof = await _scenario.ReceiptAsync(phone.GetCode());
        _scenario.Hasher.Barrier = Task.FromException(new NotSupportedException("p=2"));

        await Assert.ThrowsAsync<NotSupportedException>(async () => await _scenario.Mfa.RegenerateRecoveryCodesAsync(_scenario.User, proof, Scenario.Token));

        _scenario.Hasher.Barrier = Task.CompletedTask;
        Assert.False((await _scenario.StatusAsync()).HasPendingRecoveryCodes);
        Assert.True((await _scenario.VerifyAsync(codes!.Reveal()[0])).Succeeded);
    }

    [Fact]
    public async Task VerifyAsync_StoredTagThatIsEmpty_AcceptsNoCode()
    {
        var (_, codes) = await _scenario.EnrollAsync();
        await _scenario.EditAsync(json => json["recoveryCodes"]!["tags"]![0] = string.Empty);

        var result = await _scenario.VerifyAsync(codes!.Reveal()[0]);

        Assert.Equal(RefusalReason.WrongCode, result.Reason);
    }

    [Fact]
    public async Task VerifyAsync_CodesThatWereHashed_AreWiped()
    {
        var (_, codes) = await _scenario.EnrollAsync();

        Assert.True((await _scenario.VerifyAsync(codes!.Reveal()[0])).Succeeded);

        Assert.Equal(3, _scenario.Hasher.Inputs.Count);
        Assert.All(_scenario.Hasher.Inputs, input => Assert.Equal(new byte[24], input));
    }

    [Fact]
    public async Task VerifyAsync_FullGate_IsBusyAndChargesNothing()
    {
        var hasher = new ProbeHasher();
        var scenario = new Scenario(Options().With(o => Scenario.OwnGate(o.Recovery, concurrency: 1, queueLength: 0)), hasher: hasher);
        var (_, codes) = await scenario.EnrollAsync();
        var barrier = new TaskCompletionSource();
        hasher.Barrier = barrier.Task;
        var running = scenario.VerifyAsync(codes!.Reveal()[0]);

        var busy = await scenario.VerifyAsync(RecoveryCode.Generate().Reveal());
        barrier.SetResult();
        var finished = await running;

        Assert.Equal(RefusalReason.Busy, busy.Reason);
        Assert.Equal(UserMessage.TryLater, busy.UserMessage);
        Assert.True(finished.Succeeded);
        Assert.Equal(0, (await scenario.StatusAsync()).Recovery.ConsecutiveFailures);
    }

    [Fact]
    public async Task VerifyAsync_CancelledWhileHashing_StillSettles()
    {
        var hasher = new ProbeHasher();
        var scenario = new Scenario(Options().With(o => Scenario.OwnGate(o.Recovery, concurrency: 1, queueLength: 0)), hasher: hasher);
        var (_, codes) = await scenario.EnrollAsync();
        var barrier = new TaskCompletionSource();
        hasher.Barrier = barrier.Task;
        using var cancellation = new CancellationTokenSource();
        var attempt = scenario.Mfa.BeginAttempt();
        var running = scenario.Mfa.VerifyAsync(scenario.User, codes!.Reveal()[0], attempt, cancellation.Token);
        await cancellation.CancelAsync();
        barrier.SetResult();

        Assert.True((await running).Succeeded);
    }
}
