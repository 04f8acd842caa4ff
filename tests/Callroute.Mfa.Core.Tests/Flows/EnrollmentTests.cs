using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Core.Tests.Flows;

public sealed class EnrollmentTests
{
    private readonly Scenario _scenario = new();

    [Fact]
    public async Task BeginEnrollmentAsync_Offer_HasWhatAPersonNeeds()
    {
        var offer = await _scenario.Mfa.BeginEnrollmentAsync(_scenario.User, "alice@example.com", cancellationToken: Scenario.Token);

        Assert.True(offer.Succeeded);
        Assert.StartsWith("otpauth://totp/Callroute:alice%40example.com?secret=", offer.Uri.Reveal(), StringComparison.Ordinal);
        Assert.Equal(offer.Uri.Secret.RevealBase32(), offer.ManualEntryKey.Reveal().Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(20, offer.Uri.Secret.Size);
        Assert.Empty(offer.CompatibilityWarnings);
        Assert.Equal(Scenario.Start.AddMinutes(10), offer.ExpiresAt);
    }

    [Theory]
    [InlineData("a:b", "a_b")]
    [InlineData(" a\nb\0 ", "ab")]
    public async Task BeginEnrollmentAsync_NameThatAPersonChose_NeverThrows(string account, string expected)
    {
        var offer = await _scenario.Mfa.BeginEnrollmentAsync(_scenario.User, account, cancellationToken: Scenario.Token);

        Assert.Equal(expected, offer.Uri!.AccountName);
    }

    [Fact]
    public async Task BeginEnrollmentAsync_LongAccount_IsCutBetweenCharacters()
    {
        var offer = await _scenario.Mfa.BeginEnrollmentAsync(_scenario.User, "a" + string.Concat(Enumerable.Repeat("😀", 500)), cancellationToken: Scenario.Token);

        Assert.Equal("a" + string.Concat(Enumerable.Repeat("😀", 49)), offer.Uri!.AccountName);
    }

    [Fact]
    public async Task BeginEnrollmentAsync_HalfASurrogatePair_IsReplaced()
    {
        var offer = await _scenario.Mfa.BeginEnrollmentAsync(_scenario.User, "\ud800x", cancellationToken: Scenario.Token);

        Assert.Equal("\ufffdx", offer.Uri!.AccountName);
    }

    [Fact]
    public async Task ConfirmEnrollmentAsync_PendingSecret_NeverVerifiesASignIn()
    {
        var offer = await _scenario.Mfa.BeginEnrollmentAsync(_scenario.User, "alice", cancellationToken: Scenario.Token);
        var phone = VirtualAuthenticator.Scan(offer.Uri!.Reveal(), _scenario.Clock);

        var result = await _scenario.VerifyAsync(phone.GetCode());

        Assert.Equal(RefusalReason.NotEnrolled, result.Reason);
        Assert.False((await _scenario.StatusAsync()).IsEnabled);
    }

    [Fact]
    public async Task ConfirmEnrollmentAsync_AfterTenMinutes_IsExpired()
    {
        var offer = await _scenario.Mfa.BeginEnrollmentAsync(_scenario.User, "alice", cancellationToken: Scenario.Token);
        var phone = VirtualAuthenticator.Scan(offer.Uri!.Reveal(), _scenario.Clock);
        _scenario.Clock.Advance(TimeSpan.FromMinutes(10));

        var result = await _scenario.Mfa.ConfirmEnrollmentAsync(_scenario.User, offer.EnrollmentId, phone.GetCode(), Scenario.Token);

        Assert.Equal(MfaChangeOutcome.Expired, result.Outcome);
        Assert.Null((await _scenario.StatusAsync()).EnrollmentExpiresAt);
    }

    [Fact]
    public async Task ConfirmEnrollmentAsync_FiveWrongCodes_EndTheEnrolment()
    {
        var offer = await _scenario.Mfa.BeginEnrollmentAsync(_scenario.User, "alice", cancellationToken: Scenario.Token);
        var phone = VirtualAuthenticator.Scan(offer.Uri!.Reveal(), _scenario.Clock);
        List<int> left = [];
        for (var i = 0; i < 5; i++)
        {
            left.Add((await _scenario.Mfa.ConfirmEnrollmentAsync(_scenario.User, offer.EnrollmentId, _scenario.WrongCode(phone), Scenario.Token)).TriesLeft);
        }

        var result = await _scenario.Mfa.ConfirmEnrollmentAsync(_scenario.User, offer.EnrollmentId, phone.GetCode(), Scenario.Token);

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
        var offer = await _scenario.Mfa.BeginEnrollmentAsync(_scenario.User, "alice", cancellationToken: Scenario.Token);

        var result = await _scenario.Mfa.ConfirmEnrollmentAsync(_scenario.User, offer.EnrollmentId, input, Scenario.Token);

        Assert.Equal(MfaChangeOutcome.WrongCode, result.Outcome);
        Assert.Equal(5, result.TriesLeft);
    }

    [Fact]
    public async Task ConfirmEnrollmentAsync_ForeignEnrollmentId_IsNotFound()
    {
        var offer = await _scenario.Mfa.BeginEnrollmentAsync(_scenario.User, "alice", cancellationToken: Scenario.Token);
        var phone = VirtualAuthenticator.Scan(offer.Uri!.Reveal(), _scenario.Clock);

        var result = await _scenario.Mfa.ConfirmEnrollmentAsync(_scenario.User, Guid.NewGuid(), phone.GetCode(), Scenario.Token);

        Assert.Equal(MfaChangeOutcome.NotFound, result.Outcome);
    }

    [Fact]
    public async Task ConfirmEnrollmentAsync_EnrolmentOfAnotherUser_IsNotFoundAndStaysPending()
    {
        var victim = _scenario.User;
        var offer = await _scenario.Mfa.BeginEnrollmentAsync(victim, "alice", cancellationToken: Scenario.Token);
        using var phone = VirtualAuthenticator.Scan(offer.Uri!.Reveal(), _scenario.Clock);
        var attacker = new MfaSubject("mallory");
        await _scenario.Mfa.BeginEnrollmentAsync(attacker, "mallory", cancellationToken: Scenario.Token);

        var stolen = await _scenario.Mfa.ConfirmEnrollmentAsync(attacker, offer.EnrollmentId, phone.GetCode(), Scenario.Token);
        var own = await _scenario.Mfa.ConfirmEnrollmentAsync(victim, offer.EnrollmentId, phone.GetCode(), Scenario.Token);

        Assert.Equal(MfaChangeOutcome.NotFound, stolen.Outcome);
        Assert.True(own.Succeeded);
    }

    [Fact]
    public async Task ResumeEnrollmentAsync_PageRefresh_OffersTheSameSecret()
    {
        var offer = await _scenario.Mfa.BeginEnrollmentAsync(_scenario.User, "alice", cancellationToken: Scenario.Token);

        var again = await _scenario.Mfa.ResumeEnrollmentAsync(_scenario.User, offer.EnrollmentId, "alice", Scenario.Token);

        Assert.Equal(offer.Uri!.Reveal(), again.Uri!.Reveal());
        Assert.Equal(offer.ExpiresAt, again.ExpiresAt);
    }

    [Fact]
    public async Task BeginEnrollmentAsync_EnabledWithoutProof_WantsOne()
    {
        await _scenario.EnrollAsync();

        var offer = await _scenario.Mfa.BeginEnrollmentAsync(_scenario.User, "alice", cancellationToken: Scenario.Token);

        Assert.Equal(MfaChangeOutcome.ProofRequired, offer.Outcome);
        Assert.False(offer.Succeeded);
        Assert.Null(offer.Uri);
    }

    [Fact]
    public async Task BeginEnrollmentAsync_SecondAuthenticator_BothWork()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var (tablet, codes) = await _scenario.EnrollAsync(_scenario.CodeOf(phone), name: "Tablet");

        var viaPhone = await _scenario.VerifyAsync(phone.GetCode());
        var viaTablet = await _scenario.VerifyAsync(tablet.GetCode());

        Assert.Null(codes);
        Assert.True(viaPhone.Succeeded);
        Assert.True(viaTablet.Succeeded);
        Assert.Equal([null, "Tablet"], (await _scenario.StatusAsync()).Authenticators.Select(a => a.Name));
    }

    [Fact]
    public async Task BeginEnrollmentAsync_BeyondTheLimit_IsLimitReached()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        await _scenario.EnrollAsync(_scenario.CodeOf(phone));

        var offer = await _scenario.Mfa.BeginEnrollmentAsync(_scenario.User, "alice", _scenario.CodeOf(phone), cancellationToken: Scenario.Token);

        Assert.Equal(MfaChangeOutcome.LimitReached, offer.Outcome);
    }

    [Fact]
    public async Task BeginEnrollmentAsync_DeviceChange_OldWorksUntilNewIsConfirmed()
    {
        var (old, _) = await _scenario.EnrollAsync();
        var oldId = (await _scenario.StatusAsync()).Authenticators[0].Id;
        var proof = await _scenario.ReceiptAsync(old.GetCode());
        var offer = await _scenario.Mfa.BeginEnrollmentAsync(_scenario.User, "alice", proof, oldId, cancellationToken: Scenario.Token);
        var device = VirtualAuthenticator.Scan(offer.Uri!.Reveal(), _scenario.Clock);

        var before = await _scenario.VerifyAsync(old.GetCode());
        var confirmed = await _scenario.Mfa.ConfirmEnrollmentAsync(_scenario.User, offer.EnrollmentId, device.GetCode(), Scenario.Token);
        _scenario.NextCode();
        var viaOld = await _scenario.VerifyAsync(old.GetCode());
        var viaNew = await _scenario.VerifyAsync(device.GetCode());

        Assert.True(before.Succeeded);
        Assert.True(confirmed.Succeeded);
        Assert.Null(confirmed.RecoveryCodes);
        Assert.Equal(RefusalReason.WrongCode, viaOld.Reason);
        Assert.True(viaNew.Succeeded);
        Assert.Contains(_scenario.Events, e => e.Kind == MfaEventKind.AuthenticatorRemoved && e.AuthenticatorId == oldId);
    }

    [Fact]
    public async Task BeginEnrollmentAsync_UnknownAuthenticatorToReplace_IsNotFound()
    {
        var (phone, _) = await _scenario.EnrollAsync();

        var offer = await _scenario.Mfa.BeginEnrollmentAsync(_scenario.User, "alice", _scenario.CodeOf(phone), Guid.NewGuid(), cancellationToken: Scenario.Token);

        Assert.Equal(MfaChangeOutcome.NotFound, offer.Outcome);
        Assert.True(offer.Verification!.Succeeded);
    }

    [Fact]
    public async Task BeginEnrollmentAsync_LockedOutTotp_IsLiftedByRecoveryAndRebinding()
    {
        var (phone, codes) = await _scenario.EnrollAsync();
        var early = await _scenario.ReceiptAsync(phone.GetCode());
        await _scenario.FailToSuspensionAsync(phone);
        var viaReceipt = await _scenario.Mfa.BeginEnrollmentAsync(_scenario.User, "alice", early, cancellationToken: Scenario.Token);
        var recovered = await _scenario.VerifyAsync(codes!.Reveal()[0]);
        var (device, _) = await _scenario.EnrollAsync(MfaProof.FromReceipt(recovered.Receipt!));

        Assert.False(viaReceipt.Succeeded);
        Assert.True((await _scenario.VerifyAsync(device.GetCode())).Succeeded);
        Assert.Single((await _scenario.StatusAsync()).Authenticators);
    }

    [Fact]
    public async Task ConfirmEnrollmentAsync_LockedOutAfterBeginningWithATotpReceipt_IsRefused()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var options = _scenario.Options with { EnrollmentLifetime = TimeSpan.FromHours(1), StepUpAge = TimeSpan.FromHours(1), TotpThrottle = new Throttling.ThrottlePolicy { SuspendAt = 5, FreeFailures = 5 } };
        var service = new MfaService(_scenario.Store, _scenario.Protector, _scenario.Hasher, options, _scenario.Clock);
        var offer = await service.BeginEnrollmentAsync(_scenario.User, "alice", _scenario.CodeOf(phone), cancellationToken: Scenario.Token);
        var device = VirtualAuthenticator.Scan(offer.Uri!.Reveal(), _scenario.Clock);
        for (var i = 0; i < 5; i++)
        {
            await service.VerifyAsync(_scenario.User, _scenario.WrongCode(phone), service.BeginAttempt(), Scenario.Token);
        }

        var confirmed = await service.ConfirmEnrollmentAsync(_scenario.User, offer.EnrollmentId, device.GetCode(), Scenario.Token);

        Assert.Equal(MfaChangeOutcome.ProofRefused, confirmed.Outcome);
        Assert.True((await service.GetStatusAsync(_scenario.User, Scenario.Token)).Totp.IsLockedOut);
    }
}
