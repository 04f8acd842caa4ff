using Callroute.Mfa.Otp;
using Callroute.Mfa.Records;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Core.Tests.Flows;

public sealed class SignInTests
{
    private readonly Scenario _scenario = new();

    [Fact]
    public async Task VerifyAsync_CurrentCode_IsAcceptedOnce()
    {
        var (phone, _) = await _scenario.EnrollAsync();

        var first = await _scenario.VerifyAsync(phone.GetCode());
        var second = await _scenario.VerifyAsync(phone.GetCode());

        Assert.True(first.Succeeded);
        Assert.Equal(MfaMethod.Totp, first.Method);
        Assert.Equal(RefusalReason.Replayed, second.Reason);
        Assert.Equal(TimeSpan.FromSeconds(30), second.RetryAfter);
        Assert.Equal(UserMessage.WaitUntil, second.UserMessage);
    }

    [Fact]
    public async Task VerifyAsync_CodeThatConfirmedTheEnrolment_IsRefused()
    {
        var offer = await _scenario.Mfa.BeginEnrollmentAsync(_scenario.User, "alice", cancellationToken: Scenario.Token);
        var phone = VirtualAuthenticator.Scan(offer.Uri!.Reveal(), _scenario.Clock);
        var code = phone.GetCode();
        await _scenario.Mfa.ConfirmEnrollmentAsync(_scenario.User, offer.EnrollmentId, code, Scenario.Token);

        var result = await _scenario.VerifyAsync(code);

        Assert.Equal(RefusalReason.Replayed, result.Reason);
    }

    [Fact]
    public async Task VerifyAsync_PreviousCodeAfterALaterOne_IsRefused()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        _scenario.NextCode();
        var previous = phone.GetCodeAt(_scenario.Clock.GetUtcNow() - TimeSpan.FromSeconds(30));
        Assert.True((await _scenario.VerifyAsync(phone.GetCode())).Succeeded);

        var result = await _scenario.VerifyAsync(previous);

        Assert.Equal(RefusalReason.Replayed, result.Reason);
    }

    [Fact]
    public async Task VerifyAsync_ReplayedCode_IsNotCharged()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        await _scenario.VerifyAsync(phone.GetCode());

        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(RefusalReason.Replayed, (await _scenario.VerifyAsync(phone.GetCode())).Reason);
        }

        Assert.Equal(0, (await _scenario.StatusAsync()).Totp.ConsecutiveFailures);
    }

    [Theory]
    [InlineData(-2, RefusalReason.WrongCode)]
    [InlineData(-1, null)]
    [InlineData(0, null)]
    [InlineData(1, null)]
    [InlineData(2, RefusalReason.WrongCode)]
    public async Task VerifyAsync_StepsFromNow_FollowsTheWindow(int steps, RefusalReason? expected)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        _scenario.Clock.Advance(TimeSpan.FromMinutes(5));
        var code = phone.GetCodeAt(_scenario.Clock.GetUtcNow() + steps * TimeSpan.FromSeconds(30));

        var result = await _scenario.VerifyAsync(code);

        Assert.Equal(expected, result.Reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("12345")]
    [InlineData("1234567890")]
    [InlineData("+123456")]
    [InlineData("123456\0")]
    [InlineData("１２３４５６")]
    [InlineData("1e5")]
    [InlineData("١٢٣٤٥٦")]
    [InlineData("ABCD-EFGH-JKMN-PQRS-TVWX-YZ0")]
    [InlineData("ABCD-EFGH-JKMN-PQRS-TVWX-YZ0U")]
    public async Task VerifyAsync_InputOfNoForm_IsMalformedAndNotCharged(string? input)
    {
        await _scenario.EnrollAsync();

        var result = await _scenario.VerifyAsync(input);

        Assert.Equal(RefusalReason.Malformed, result.Reason);
        Assert.Equal(0, (await _scenario.StatusAsync()).Totp.ConsecutiveFailures);
    }

    [Fact]
    public async Task VerifyAsync_LengthOfNoAuthenticator_IsMalformedAndNotCharged()
    {
        await _scenario.EnrollAsync();

        var result = await _scenario.VerifyAsync("1234567");

        Assert.Equal(RefusalReason.Malformed, result.Reason);
        Assert.Equal(0, (await _scenario.StatusAsync()).Totp.ConsecutiveFailures);
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
    [InlineData("{0} {1}")]
    [InlineData(" {0}-{1} ")]
    [InlineData("{0}{1}")]
    public async Task VerifyAsync_SpellingsOfAUsedCode_AreAllRefused(string format)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var code = phone.GetCode();
        await _scenario.VerifyAsync(code);

        var result = await _scenario.VerifyAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, format, code[..3], code[3..]));

        Assert.Equal(RefusalReason.Replayed, result.Reason);
    }

    [Fact]
    public async Task VerifyAsync_NoRecord_IsNotEnrolled()
    {
        var result = await _scenario.VerifyAsync("123456");

        Assert.Equal(RefusalReason.NotEnrolled, result.Reason);
        Assert.Equal(UserMessage.TryAgain, result.UserMessage);
    }

    [Fact]
    public async Task VerifyAsync_TwoUsersWithTheSameCode_BothSucceed()
    {
        using var secret = SharedSecret.Generate();
        await BindAsync(new MfaSubject("user-1"), secret);
        await BindAsync(new MfaSubject("user-2"), secret);
        var code = Totp.Generate(secret, new TotpParameters(), _scenario.Clock.GetUtcNow());

        foreach (var user in new[] { "user-1", "user-2" })
        {
            var result = await _scenario.Mfa.VerifyAsync(new MfaSubject(user), code, _scenario.Mfa.BeginAttempt(), Scenario.Token);
            Assert.True(result.Succeeded, $"{user}: {result}");
        }
    }

    // A record with a secret of our choice, as no call of the service makes one.
    private async Task BindAsync(MfaSubject user, SharedSecret secret)
    {
        var id = Guid.NewGuid();
        var key = new byte[secret.Size];
        secret.CopyTo(key);
        var authenticator = new AuthenticatorRecord
        {
            Id = id,
            ProtectedSecret = await _scenario.Protector.ProtectAsync(key, AssociatedData.ForTotp(user, id, new TotpParameters()), Scenario.Token),
            Parameters = new TotpParameters(),
            LastUsedStep = 0,
            CreatedAt = Scenario.Start,
        };
        var record = MfaRecord.Create(user, Guid.NewGuid()) with { Authenticators = [authenticator] };
        await _scenario.Store.TryWriteAsync(user, MfaRecordJson.Write(record), Guid.NewGuid(), null, Scenario.Token);
    }

    [Fact]
    public async Task VerifyAsync_SpentAttempt_AcceptsNothingElse()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var attempt = _scenario.Mfa.BeginAttempt();
        await _scenario.VerifyAsync(phone.GetCode(), attempt);
        _scenario.NextCode();

        var result = await _scenario.VerifyAsync(phone.GetCode(), attempt);

        Assert.Equal(RefusalReason.AttemptSpent, result.Reason);
        Assert.Equal(UserMessage.StartOver, result.UserMessage);
    }

    [Fact]
    public async Task VerifyAsync_ClockBehindTheWatermark_IsNeitherChargedNorAccepted()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        _scenario.Clock.Advance(TimeSpan.FromHours(1));
        Assert.True((await _scenario.VerifyAsync(phone.GetCode())).Succeeded);
        _scenario.Clock.AdjustTime(_scenario.Clock.GetUtcNow() - TimeSpan.FromHours(1));

        var result = await _scenario.VerifyAsync(phone.GetCode());

        Assert.Equal(RefusalReason.ClockBehind, result.Reason);
        Assert.Equal(TimeSpan.FromSeconds(3600 + 30), result.RetryAfter);
        Assert.Contains(_scenario.Events, e => e.Kind == MfaEventKind.ClockBehind);
        Assert.Equal(0, (await _scenario.StatusAsync()).Totp.ConsecutiveFailures);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(90)]
    [InlineData(3600)]
    [InlineData(86400)]
    public async Task VerifyAsync_ClockMovedAndCorrected_NeverAcceptsACodeTwice(int seconds)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var used = phone.GetCode();
        Assert.True((await _scenario.VerifyAsync(used)).Succeeded);

        foreach (var jump in new[] { seconds, -seconds, -seconds, seconds })
        {
            _scenario.Clock.AdjustTime(_scenario.Clock.GetUtcNow() + TimeSpan.FromSeconds(jump));
            Assert.False((await _scenario.VerifyAsync(used)).Succeeded);
        }
    }

    [Fact]
    public async Task VerifyAsync_ShortCodesAllowed_AcceptsFourDigits()
    {
        var options = new MfaOptions { Issuer = "Callroute", AllowShortCodes = true, Digits = 4 };
        var scenario = new Scenario(options);
        var (phone, _) = await scenario.EnrollAsync();

        var result = await scenario.VerifyAsync(phone.GetCode());

        Assert.True(result.Succeeded);
    }

    [Fact]
    public async Task VerifyAsync_DefaultSubjectOrAttempt_IsMisuse()
    {
        await Assert.ThrowsAsync<ArgumentException>(async () => await _scenario.Mfa.VerifyAsync(default, "123456", _scenario.Mfa.BeginAttempt(), Scenario.Token));
        await Assert.ThrowsAsync<ArgumentException>(async () => await _scenario.Mfa.VerifyAsync(_scenario.User, "123456", default, Scenario.Token));
    }

    [Fact]
    public async Task GetSignInRequirementAsync_MissingRecord_NeverOpensADoor()
    {
        Assert.Equal(SignInRequirement.NotRequired, await _scenario.Mfa.GetSignInRequirementAsync(_scenario.User, requiredByHost: false, Scenario.Token));
        Assert.Equal(SignInRequirement.Unavailable, await _scenario.Mfa.GetSignInRequirementAsync(_scenario.User, requiredByHost: true, Scenario.Token));
    }

    [Fact]
    public async Task GetSignInRequirementAsync_EnrolledThenReset_AsksForTheCodeThenForEnrolment()
    {
        await _scenario.EnrollAsync();
        var enrolled = await _scenario.Mfa.GetSignInRequirementAsync(_scenario.User, requiredByHost: false, Scenario.Token);
        await _scenario.Mfa.ResetAsync(_scenario.User, "phone lost", Scenario.Token);
        var reset = await _scenario.Mfa.GetSignInRequirementAsync(_scenario.User, requiredByHost: true, Scenario.Token);

        Assert.Equal(SignInRequirement.Required, enrolled);
        Assert.Equal(SignInRequirement.EnrollmentRequired, reset);
    }
}
