using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Core.Tests.Operations;

public sealed class ConfirmEnrollmentTests
{
    private readonly Scenario _scenario = new();

    [Fact]
    public async Task ConfirmEnrollmentAsync_NotYet_SecretVerifiesNoSignIn()
    {
        var (_, phone) = await _scenario.BeginAndScanAsync();

        var result = await _scenario.VerifyAsync(phone.GetCode());

        Assert.Equal(RefusalReason.NotEnrolled, result.Reason);
        Assert.False((await _scenario.StatusAsync()).IsEnabled);
    }

    [Fact]
    public async Task ConfirmEnrollmentAsync_AfterTenMinutes_IsExpired()
    {
        var (offer, phone) = await _scenario.BeginAndScanAsync();
        _scenario.Clock.Advance(TimeSpan.FromMinutes(10));

        var result = await _scenario.ConfirmAsync(offer, phone.GetCode());

        Assert.Equal(MfaChangeOutcome.Expired, result.Outcome);
    }

    [Fact]
    public async Task ConfirmEnrollmentAsync_FiveWrongCodes_EndTheEnrollment()
    {
        var (offer, phone) = await _scenario.BeginAndScanAsync();
        List<int> left = [];
        for (var i = 0; i < 5; i++)
        {
            left.Add((await _scenario.ConfirmAsync(offer, _scenario.WrongCode(phone))).TriesLeft);
        }

        var result = await _scenario.ConfirmAsync(offer, phone.GetCode());

        Assert.Equal([4, 3, 2, 1, 0], left);
        Assert.Equal(MfaChangeOutcome.Expired, result.Outcome);
        Assert.Equal(0, _scenario.Hasher.Runs);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("abcdef")]
    [InlineData("12345678")]
    public async Task ConfirmEnrollmentAsync_InputOfNoForm_CostsNoTry(string? input)
    {
        var result = await _scenario.ConfirmAsync(await _scenario.BeginAsync(), input);

        Assert.Equal(MfaChangeOutcome.WrongCode, result.Outcome);
        Assert.Equal(5, result.TriesLeft);
    }

    [Fact]
    public async Task ConfirmEnrollmentAsync_MissingKey_ThrowsAndCostsNoTry()
    {
        var offer = await _scenario.BeginAsync();
        var stranger = _scenario.Beside(protector: new AesGcmSecretProtector(Scenario.NewKeys("k2")));

        await Assert.ThrowsAsync<SecretProtectionException>(() => stranger.ConfirmAsync(offer, "123456"));

        Assert.Equal(5, (await _scenario.RecordAsync()).PendingEnrollment!.TriesLeft);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ConfirmEnrollmentAsync_EnrollmentOfAnotherUser_IsNotFoundAndStaysPending(bool attackerHasBegun)
    {
        var (offer, phone) = await _scenario.BeginAndScanAsync();
        var attacker = _scenario.Beside();
        attacker.User = new MfaSubject("mallory");
        if (attackerHasBegun)
        {
            await attacker.BeginAsync();
        }

        var stolen = await attacker.ConfirmAsync(offer, phone.GetCode());
        var own = await _scenario.ConfirmAsync(offer, phone.GetCode());

        Assert.Equal(attackerHasBegun ? MfaChangeOutcome.NotFound : MfaChangeOutcome.Unavailable, stolen.Outcome);
        Assert.True(own.Succeeded);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ConfirmEnrollmentAsync_Receipt_CountsForTheDeviceThatProvedTheEnrolment(bool isKnown)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        _scenario.KnownDevice = isKnown ? _scenario.FirstDevice : null;
        var (offer, second) = await _scenario.BeginAndScanAsync(_scenario.CodeOf(phone));
        var receipt = (await _scenario.ConfirmAsync(offer, second.GetCode())).Receipt!;
        await _scenario.Beside(options => options.TotpThrottle.LockoutThreshold = 5).LockOutAsync(phone);

        var outcome = (await _scenario.Beside(options => options.TotpThrottle.LockoutThreshold = 5)
            .RegenerateAsync(MfaProof.FromReceipt(receipt))).Outcome;

        Assert.Equal(isKnown ? MfaChangeOutcome.Succeeded : MfaChangeOutcome.ProofRefused, outcome);
    }

    [Fact]
    public async Task IsConfirmedAsync_OnlyTheConfirmedEnrolment_IsForTenMinutesAndWithoutAWrite()
    {
        var (offer, phone) = await _scenario.BeginAndScanAsync();
        var before = await IsConfirmedAsync(offer.EnrollmentId);
        await _scenario.ConfirmAsync(offer, phone.GetCode());
        var version = (await _scenario.Store.FindAsync(_scenario.User, Scenario.Token))!.Version;

        var other = await IsConfirmedAsync(Guid.NewGuid());
        _scenario.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        var confirmed = await IsConfirmedAsync(offer.EnrollmentId);
        _scenario.Clock.Advance(TimeSpan.FromTicks(1));
        var late = await IsConfirmedAsync(offer.EnrollmentId);

        Assert.Equal((false, false, true, false), (before, other, confirmed, late));
        Assert.Equal(version, (await _scenario.Store.FindAsync(_scenario.User, Scenario.Token))!.Version);

        async Task<bool> IsConfirmedAsync(Guid id) => await _scenario.Mfa.IsConfirmedAsync(_scenario.User, id, Scenario.Token);
    }

    [Fact]
    public async Task ConfirmEnrollmentAsync_AfterDisablingWithRecoveryLockedOut_IssuesACodeThatWorks()
    {
        var scenario = new Scenario(o => (o.RecoveryThrottle.LockoutThreshold, o.RecoveryThrottle.FailureAllowance) = (5, 1000));
        var (phone, _) = await scenario.EnrollAsync();
        await scenario.FailRecoveryAsync(5);
        await scenario.DisableAsync(scenario.CodeOf(phone));
        scenario.SignedInAt = scenario.Clock.GetUtcNow();
        var (_, codes) = await scenario.EnrollAsync();
        scenario.Clock.Advance(TimeSpan.FromHours(1));

        var used = await scenario.VerifyAsync(codes!.Reveal()[0]);

        Assert.True(used.Succeeded, used.ToString());
    }
}
