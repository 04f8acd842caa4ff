using Callroute.Mfa.Core.Tests.Execution;
using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Core.Tests.Operations;

public sealed class VerifyCodeTests
{
    private readonly Scenario _scenario = new();

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("12345")]
    [InlineData("1234567")]
    [InlineData("ABCD-EFGH-JKMN-PQRS-TVWX-YZ0")]
    [InlineData("ABCD-EFGH-JKMN-PQRS-TVWX-YZ0U")]
    public async Task VerifyAsync_InputOfNoForm_IsMalformedAndNotCounted(string? input)
    {
        await _scenario.EnrollAsync();

        var result = await _scenario.VerifyAsync(input);

        Assert.Equal(RefusalReason.Malformed, result.Reason);
        Assert.Equal(0, (await _scenario.StatusAsync()).TotpOnUnknownDevices.ConsecutiveFailures);
    }

    [Fact]
    public async Task VerifyAsync_HugeInput_IsMalformedWithinBoundedMemory()
    {
        await _scenario.EnrollAsync();
        var huge = new string('1', 10_000_000);
        var attempt = _scenario.Mfa.BeginAttempt();
        await _scenario.VerifyAsync(huge, attempt);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var result = await _scenario.VerifyAsync(huge, attempt);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(RefusalReason.Malformed, result.Reason);
        Assert.InRange(allocated, 0, 4096);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task VerifyAsync_ShortCode_IsAcceptedOnlyWhereAllowed(int digits)
    {
        var allowed = new Scenario(options =>
        {
            (options.AllowShortCodes, options.Digits, options.MaximumAuthenticators) = (true, digits, 1);
            (options.TotpThrottle.FailureAllowance, options.TotpThrottle.AllowanceRegainInterval) = (1, TimeSpan.FromDays(30));
        });
        var (phone, _) = await allowed.EnrollAsync();
        var forbidden = allowed.Beside(options => (options.AllowShortCodes, options.Digits) = (false, 6));

        var refused = await forbidden.VerifyAsync(phone.GetCode());
        var accepted = await allowed.VerifyAsync(phone.GetCode());

        Assert.Equal(RefusalReason.Malformed, refused.Reason);
        Assert.True(accepted.Succeeded);
    }

    [Fact]
    public async Task VerifyAsync_NoRecord_IsNotEnrolledAndHashesNothing()
    {
        var result = await _scenario.VerifyAsync("123456");
        var recovery = await _scenario.VerifyAsync(Scenario.WrongRecoveryCode());

        Assert.Equal(RefusalReason.NotEnrolled, result.Reason);
        Assert.Equal(UserMessage.TryAgain, result.UserMessage);
        Assert.Equal(RefusalReason.NotEnrolled, recovery.Reason);
        Assert.Equal(0, _scenario.Hasher.Runs);
    }

    [Fact]
    public async Task VerifyAsync_SpentAttempts_AreRememberedForTheLastSixteen()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var attempts = Enumerable.Range(0, 17).Select(_ => _scenario.Mfa.BeginAttempt()).ToArray();
        foreach (var attempt in attempts)
        {
            Assert.True((await _scenario.VerifyAsync(phone.GetCode(), attempt)).Succeeded);
            _scenario.NextCode();
        }

        var record = await _scenario.RecordAsync();
        Assert.Equal([false, .. Enumerable.Repeat(true, 16)], attempts.Select(record.IsSpent));
        Assert.Equal(RefusalReason.AttemptSpent, (await _scenario.VerifyAsync(phone.GetCode(), attempts[1])).Reason);
        Assert.True((await _scenario.VerifyAsync(phone.GetCode(), attempts[0])).Succeeded);
    }

    [Fact]
    public async Task VerifyAsync_DefaultSubjectOrAttempt_IsMisuse()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _scenario.VerifyAsync("123456", default(AttemptId)));
        _scenario.User = default;
        await Assert.ThrowsAsync<ArgumentException>(() => _scenario.VerifyAsync("123456"));
    }

    [Theory]
    [InlineData(true, typeof(SecretProtectionException))]
    [InlineData(false, typeof(TaskCanceledException))]
    public async Task VerifyAsync_KeyMissingOrKeyServiceTimesOut_IsUnavailableAndNotCounted(bool isMissing, Type cause)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var broken = _scenario.Beside(protector: new HookedProtector(
            isMissing ? new AesGcmSecretProtector(Scenario.NewKeys("k2")) : _scenario.Protector)
        {
            OnUnprotect = () => _ = isMissing ? 0 : throw new TaskCanceledException("The key service timed out."),
        });

        var result = await broken.VerifyAsync(phone.GetCode());

        Assert.Equal(RefusalReason.Unavailable, result.Reason);
        Assert.IsType(cause, result.Cause);
        Assert.Equal(0, (await _scenario.StatusAsync()).TotpOnUnknownDevices.ConsecutiveFailures);
    }

    [Fact]
    public async Task VerifyAsync_CancelledBeforeTheWrite_ChangesNothing()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _scenario.VerifyAsync(phone.GetCode(), token: cancellation.Token));
        Assert.Equal(cancellation.Token, cancelled.CancellationToken);

        Assert.True((await _scenario.VerifyAsync(phone.GetCode())).Succeeded);
    }
}
