using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Core.Tests.Operations;

public sealed class VerifyRecoveryCodeTests
{
    private readonly Scenario _scenario = new();

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

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(16)]
    public async Task VerifyAsync_AnyCount_HashesAnAttemptOnce(int count)
    {
        var scenario = new Scenario(options => (options.Recovery.Count, options.Recovery.RegenerateOnUse) = (count, false));
        var (_, codes) = await scenario.EnrollAsync();
        var before = scenario.Hasher.Runs;

        var wrong = await scenario.VerifyAsync(Scenario.WrongRecoveryCode());
        var right = await scenario.VerifyAsync(codes!.Reveal()[^1]);

        Assert.Equal(RefusalReason.WrongCode, wrong.Reason);
        Assert.True(right.Succeeded);
        Assert.Equal(before + 2, scenario.Hasher.Runs);
    }

    [Fact]
    public async Task VerifyAsync_ThrottledRecovery_HashesNothing()
    {
        await _scenario.EnrollAsync();
        await _scenario.FailRecoveryAsync(4);
        await _scenario.VerifyAsync(Scenario.WrongRecoveryCode());
        var before = _scenario.Hasher.Runs;

        var result = await _scenario.VerifyAsync(Scenario.WrongRecoveryCode());

        Assert.Equal(RefusalReason.Throttled, result.Reason);
        Assert.Equal(before, _scenario.Hasher.Runs);
    }

    [Fact]
    public async Task VerifyAsync_WithoutRegeneration_ConsumesEachCodeOnce()
    {
        var scenario = new Scenario(options => (options.Recovery.Count, options.Recovery.RegenerateOnUse) = (3, false));
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
    public async Task VerifyAsync_LastCodeOfTheActiveSet_MakesThePendingSetActive()
    {
        var scenario = new Scenario(options => options.Recovery.RegenerateOnUse = false);
        var (phone, old) = await scenario.EnrollAsync();
        var pending = (await scenario.RegenerateAsync(scenario.CodeOf(phone))).RecoveryCodes!;

        Assert.True((await scenario.VerifyAsync(old!.Reveal()[0])).Succeeded);

        var status = await scenario.StatusAsync();
        Assert.Equal((1, false), (status.RecoveryCodesLeft, status.HasPendingRecoveryCodes));
        Assert.Equal(pending.SetId, (await scenario.RecordAsync()).RecoveryCodes!.SetId);
        Assert.True((await scenario.VerifyAsync(pending.Reveal()[0])).Succeeded);
    }

    [Fact]
    public async Task VerifyAsync_Pepper_IsNeededAndRotates()
    {
        var old = Scenario.NewKeys("p1");
        var rotated = new KeyRing(
            "p2", new Dictionary<string, byte[]> { ["p1"] = old.Find(old.ActiveKeyId)!.Bytes, ["p2"] = new byte[32] });
        var scenario = new Scenario(options => options.Recovery.Peppers = old);
        var (_, codes) = await scenario.EnrollAsync();

        var missing = await scenario.Beside(options => options.Recovery.Peppers = null).VerifyAsync(codes!.Reveal()[0]);
        var used = await scenario.Beside(options => options.Recovery.Peppers = rotated).VerifyAsync(codes.Reveal()[0]);

        Assert.Equal(RefusalReason.Unavailable, missing.Reason);
        Assert.IsType<SecretProtectionException>(missing.Cause);
        Assert.True(used.Succeeded);
        Assert.Equal("p2", (await scenario.RecordAsync()).RecoveryCodes!.PepperKeyId);
    }

    [Fact]
    public async Task VerifyAsync_StoredTagThatIsEmpty_AcceptsNoCode()
    {
        var (_, codes) = await _scenario.EnrollAsync();
        await _scenario.EditJsonAsync(json => json["recoveryCodes"]!["tags"]![0] = string.Empty);

        Assert.Equal(RefusalReason.WrongCode, (await _scenario.VerifyAsync(codes!.Reveal()[0])).Reason);
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
    public async Task VerifyAsync_AuthenticatorRemovedWhileHashing_IsRefusedToTheAttemptOfBefore()
    {
        var (first, _, codes) = await _scenario.EnrollTwoAsync();
        var proof = await _scenario.ReceiptAsync(first.GetCode());
        var before = await _scenario.StatusAsync();
        var barrier = new TaskCompletionSource();
        _scenario.Hasher.Barrier = barrier.Task;
        var running = _scenario.VerifyAsync(codes.Reveal()[0], bindingVersion: before.BindingVersion);
        Assert.True((await _scenario.RemoveAsync(before.Authenticators[1].Id, proof)).Succeeded);
        barrier.SetResult();

        Assert.Equal(RefusalReason.AttemptSpent, (await running).Reason);
        Assert.Equal(0, (await _scenario.StatusAsync()).RecoveryOnUnknownDevices.ConsecutiveFailures);
    }

    [Fact]
    public async Task VerifyAsync_CancelledWhileHashing_IsFinished()
    {
        var (_, codes) = await _scenario.EnrollAsync();
        var barrier = new TaskCompletionSource();
        _scenario.Hasher.Barrier = barrier.Task;
        using var cancellation = new CancellationTokenSource();
        var running = _scenario.VerifyAsync(codes!.Reveal()[0], token: cancellation.Token);
        await cancellation.CancelAsync();
        barrier.SetResult();

        Assert.True((await running).Succeeded);
    }
}
