using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Core.Tests.Throttling;

public sealed class ThrottlingTests
{
    private readonly Scenario _scenario = new();

    [Fact]
    public async Task VerifyAsync_FiveFailures_ThenWaitsThatDouble()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        List<double> waits = [];
        for (var i = 0; i < 14; i++)
        {
            var result = await _scenario.VerifyAsync(_scenario.WrongCode(phone));
            waits.Add(result.RetryAfter?.TotalSeconds ?? 0);
            _scenario.Clock.Advance(result.RetryAfter ?? TimeSpan.Zero);
        }

        Assert.Equal([0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600], waits);
    }

    [Fact]
    public async Task VerifyAsync_RightCodeDuringAWait_IsThrottledAndNotConsumed()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        for (var i = 0; i < 5; i++)
        {
            await _scenario.VerifyAsync(_scenario.WrongCode(phone));
        }

        var during = await _scenario.VerifyAsync(phone.GetCode());
        _scenario.Clock.Advance(during.RetryAfter!.Value);
        var after = await _scenario.VerifyAsync(phone.GetCode());

        Assert.Equal(RefusalReason.Throttled, during.Reason);
        Assert.Equal(TimeSpan.FromSeconds(30), during.RetryAfter);
        Assert.True(after.Succeeded);
    }

    [Fact]
    public async Task VerifyAsync_ThrottledAttempts_WriteNothing()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        await _scenario.FailAsync(4, phone);
        await _scenario.VerifyAsync(_scenario.WrongCode(phone));
        var before = await _scenario.Store.FindAsync(_scenario.User, Scenario.Token);

        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(RefusalReason.Throttled, (await _scenario.VerifyAsync(_scenario.WrongCode(phone))).Reason);
        }

        var after = await _scenario.Store.FindAsync(_scenario.User, Scenario.Token);
        Assert.Equal(before!.Version, after!.Version);
    }

    [Fact]
    public async Task VerifyAsync_GuessesWithDefaults_AreLockedOutAtTwenty()
    {
        var (phone, _) = await _scenario.EnrollAsync();

        var evaluated = 0;
        for (var i = 0; i < 101; i++)
        {
            var result = await _scenario.VerifyAsync(_scenario.WrongCode(phone));
            evaluated += result.Reason == RefusalReason.WrongCode ? 1 : 0;
            _scenario.Wait(result);
        }

        var right = await _scenario.VerifyAsync(phone.GetCode());
        Assert.Equal(20, evaluated);
        Assert.Equal(RefusalReason.LockedOut, right.Reason);
        Assert.Equal(UserMessage.UseAnotherWay, right.UserMessage);
        Assert.Single(_scenario.Events, e => e is { Kind: MfaEventKind.FactorLockedOut, Method: MfaMethod.Totp });
        Assert.Single(_scenario.Events, e => e is { Kind: MfaEventKind.ThrottlingStarted, Method: MfaMethod.Totp });
    }

    [Fact]
    public async Task VerifyAsync_SecondLockout_RaisesItsOwnEvent()
    {
        var (phone, codes) = await _scenario.EnrollAsync();
        await _scenario.LockOutAsync(phone);
        var (device, _) = await _scenario.EnrollAsync(await _scenario.ReceiptAsync(codes!.Reveal()[0]));
        _scenario.Clock.Advance(TimeSpan.FromDays(30));
        await _scenario.LockOutAsync(device);

        Assert.Equal(2, _scenario.Events.Count(e => e is { Kind: MfaEventKind.FactorLockedOut, Method: MfaMethod.Totp }));
    }

    [Fact]
    public async Task VerifyAsync_FiftySessions_AreOneCounter()
    {
        var scenario = new Scenario(o =>
            (o.TotpThrottle.FreeFailures, o.TotpThrottle.LockoutThreshold, o.TotpThrottle.FailureAllowance) = (100, 100, 100));
        var (phone, _) = await scenario.EnrollAsync();
        var wrong = scenario.WrongCode(phone);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(async () => await scenario.VerifyAsync(wrong))));

        Assert.Equal(50, (await scenario.StatusAsync()).TotpOnUnknownDevices.ConsecutiveFailures);
    }

    [Fact]
    public async Task VerifyAsync_Success_EndsConsecutiveFailuresButNotTheAllowance()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var evaluated = 0;
        for (var round = 0; round < 20; round++)
        {
            for (var i = 0; i < 4; i++)
            {
                evaluated += (await _scenario.VerifyAsync(_scenario.WrongCode(phone))).Reason == RefusalReason.WrongCode ? 1 : 0;
            }

            await _scenario.VerifyAsync(phone.GetCode());
            _scenario.NextCode();
        }

        var usedUp = await _scenario.VerifyAsync(phone.GetCode());
        Assert.Equal(30, evaluated);
        Assert.Equal(RefusalReason.Throttled, usedUp.Reason);
        Assert.InRange(usedUp.RetryAfter!.Value, TimeSpan.FromHours(71), TimeSpan.FromHours(72));
        Assert.False((await _scenario.StatusAsync()).TotpOnUnknownDevices.IsLockedOut);
        Assert.Single(_scenario.Events, e => e is { Kind: MfaEventKind.AllowanceUsedUp, Method: MfaMethod.Totp });
    }

    [Fact]
    public async Task VerifyAsync_Factors_HaveSeparateCounters()
    {
        var (phone, codes) = await _scenario.EnrollAsync();
        await _scenario.FailAsync(20, phone);

        var recovered = await _scenario.VerifyAsync(codes!.Reveal()[0]);

        Assert.True(recovered.Succeeded);
        Assert.True((await _scenario.StatusAsync()).TotpOnUnknownDevices.IsLockedOut);
    }

    [Fact]
    public async Task VerifyAsync_RecoveryFailures_LockOutOnlyAtAHundred()
    {
        var scenario = new Scenario(options => options.RecoveryThrottle.FailureAllowance = 1000);
        var (phone, _) = await scenario.EnrollAsync();
        await scenario.FailRecoveryAsync(99);
        var before = (await scenario.StatusAsync()).RecoveryOnUnknownDevices.IsLockedOut;
        await scenario.FailRecoveryAsync(1);

        var totp = await scenario.VerifyAsync(phone.GetCode());

        Assert.False(before);
        Assert.True((await scenario.StatusAsync()).RecoveryOnUnknownDevices.IsLockedOut);
        Assert.Single(scenario.Events, e => e is { Kind: MfaEventKind.FactorLockedOut, Method: MfaMethod.RecoveryCode });
        Assert.True(totp.Succeeded);
    }

    [Fact]
    public async Task VerifyAsync_SubjectsThatDifferInCase_HaveSeparateCounters()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        await _scenario.FailAsync(3, phone);
        _scenario.User = new MfaSubject("USER-1");
        await _scenario.EnrollAsync();

        Assert.Equal(0, (await _scenario.StatusAsync()).TotpOnUnknownDevices.ConsecutiveFailures);
    }

    [Fact]
    public async Task VerifyAsync_WaitFromAClockJump_IsRefusedUntilAnUnlockRepairsTheTimes()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        _scenario.Clock.Advance(TimeSpan.FromDays(3650));
        for (var i = 0; i < 5; i++)
        {
            await _scenario.VerifyAsync(_scenario.WrongCode(phone));
        }

        _scenario.Clock.AdjustTime(_scenario.Clock.GetUtcNow() - TimeSpan.FromDays(3650));
        var document = await _scenario.DocumentAsync();
        var behind = await _scenario.VerifyAsync(phone.GetCode());
        var unchanged = await _scenario.DocumentAsync();
        await _scenario.UnlockAsync();
        var throttled = await _scenario.VerifyAsync(phone.GetCode());
        _scenario.Wait(throttled);
        var later = await _scenario.VerifyAsync(phone.GetCode());

        Assert.Equal((RefusalReason.ClockBehind, UserMessage.TryLater), (behind.Reason, behind.UserMessage));
        Assert.Equal(document, unchanged);
        Assert.Equal((RefusalReason.Throttled, TimeSpan.FromDays(3)), (throttled.Reason, throttled.RetryAfter));
        Assert.True(later.Succeeded);
    }

    [Fact]
    public void LockoutThreshold_AboveAHundred_IsRefusedWithItsRange()
    {
        var exception = Assert.Throws<ArgumentException>(
            "options", () => new Scenario(options => options.RecoveryThrottle.LockoutThreshold = 101));

        Assert.StartsWith(
            "MfaOptions.RecoveryThrottle.LockoutThreshold must be 1–100, was 101.", exception.Message, StringComparison.Ordinal);
    }
}
