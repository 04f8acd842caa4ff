namespace Callroute.Mfa.Core.Tests.Operations;

public sealed class BeginEnrollmentTests
{
    private readonly Scenario _scenario = new();

    [Fact]
    public async Task BeginEnrollmentAsync_Offer_HasWhatAPersonNeeds()
    {
        var offer = await _scenario.BeginAsync(account: "alice@example.com");

        Assert.True(offer.Succeeded);
        Assert.StartsWith("otpauth://totp/Callroute:alice%40example.com?secret=", offer.Uri.Reveal(), StringComparison.Ordinal);
        Assert.Equal(offer.Uri.Secret.RevealBase32(), offer.Uri.RevealManualEntryKey().Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(20, offer.Uri.Secret.Size);
        Assert.Empty(offer.CompatibilityWarnings);
        Assert.Equal(Scenario.Start.AddMinutes(10), offer.ExpiresAt);
    }

    [Fact]
    public async Task BeginEnrollmentAsync_OfferDisposed_HasNoSecretAnyMore()
    {
        var offer = await _scenario.BeginAsync();

        offer.Dispose();
        offer.Dispose();
        new EnrollmentOffer(MfaChangeOutcome.NotFound).Dispose();

        Assert.Throws<ObjectDisposedException>(offer.Uri!.Reveal);
        Assert.Throws<ObjectDisposedException>(offer.Uri.RevealManualEntryKey);
    }

    public static TheoryData<string, string> Accounts => new()
    {
        { "a:b", "a_b" },
        { " a\nb\0 ", "ab" },
        { "\u200Ba\u202Eb \u2060", "ab" },
        { "\ud800x", "\ufffdx" },
        // The name is cut after a whole character, not inside a surrogate pair.
        { "a" + string.Concat(Enumerable.Repeat("😀", 500)), "a" + string.Concat(Enumerable.Repeat("😀", 49)) },
    };

    [Theory]
    [MemberData(nameof(Accounts), DisableDiscoveryEnumeration = true)]
    public async Task BeginEnrollmentAsync_NameThatAPersonChose_NeverThrows(string account, string expected)
    {
        var offer = await _scenario.BeginAsync(account: account);

        Assert.Equal(expected, offer.Uri!.AccountName);
    }

    [Theory]
    [InlineData("\u200B\u00A0\uFEFF")]
    [InlineData("\u3164")]
    public async Task BeginEnrollmentAsync_NameThatShowsNothing_IsRefused(string account) =>
        await Assert.ThrowsAsync<ArgumentException>("accountName", async () => await _scenario.BeginAsync(account: account));

    [Theory]
    [InlineData(null, "Callroute")]
    [InlineData(" Tenant:\nA ", "Tenant_A")]
    public async Task BeginEnrollmentAsync_IssuerOfATenant_IsTheOneOfTheOffer(string? issuer, string expected)
    {
        var offer = await _scenario.BeginAsync(issuer: issuer);

        var again = await _scenario.ResumeAsync(offer.EnrollmentId, issuer: issuer);

        Assert.Equal((expected, expected), (offer.Uri!.Issuer, again.Uri!.Issuer));
        Assert.Equal(offer.ExpiresAt, again.ExpiresAt);
        await Assert.ThrowsAsync<ArgumentException>(nameof(issuer), async () => await _scenario.BeginAsync(issuer: "\u200B"));
    }

    // Some apps overwrite an entry with the same names. Until the new one is confirmed, the old one is needed.
    [Fact]
    public async Task BeginEnrollmentAsync_AnotherIsBound_HasTheSmallestFreeNumberInItsLabel()
    {
        var scenario = new Scenario(options => options.MaximumAuthenticators = 3);
        var (phone, _) = await scenario.EnrollAsync();

        Assert.Equal("alice (2)", await BindAsync(null, "alice"));
        Assert.Equal("alice (3)", await BindAsync(await scenario.FirstAuthenticatorAsync(), "alice"));
        Assert.Equal("alice", await BindAsync(null, "alice"));
        Assert.Equal($"{new string('x', 96)} (4)", await BindAsync(await scenario.FirstAuthenticatorAsync(), new string('x', 100)));
        Assert.Equal([3, 0, 4], (await scenario.StatusAsync()).Authenticators.Select(authenticator => authenticator.LabelNumber));

        async Task<string> BindAsync(Guid? replaces, string account)
        {
            var offer = await scenario.BeginAsync(await scenario.ReceiptAsync(phone.GetCode()), replaces, account);
            var again = await scenario.ResumeAsync(offer.EnrollmentId, account);
            Assert.Equal(offer.Uri!.Reveal(), again.Uri!.Reveal());
            phone = scenario.Scan(offer);
            Assert.True((await scenario.ConfirmAsync(offer, phone.GetCode())).Succeeded);
            scenario.NextCode();
            return offer.Uri.AccountName;
        }
    }

    [Fact]
    public async Task BeginEnrollmentAsync_UnknownAuthenticatorToReplace_IsNotFound()
    {
        var (phone, _) = await _scenario.EnrollAsync();

        var offer = await _scenario.BeginAsync(_scenario.CodeOf(phone), Guid.NewGuid());

        Assert.Equal(MfaChangeOutcome.NotFound, offer.Outcome);
        Assert.True(offer.Verification!.Succeeded);
    }

    [Theory]
    [InlineData(false, null, MfaChangeOutcome.SignInRequired)]
    [InlineData(false, -1, MfaChangeOutcome.SignInRequired)]
    [InlineData(false, 0, MfaChangeOutcome.Succeeded)]
    [InlineData(true, null, MfaChangeOutcome.SignInRequired)]
    [InlineData(true, -1, MfaChangeOutcome.SignInRequired)]
    [InlineData(true, 0, MfaChangeOutcome.Succeeded)]
    public async Task BeginEnrollmentAsync_MfaEnded_NeedsASessionThatBeganLater(bool isReset, int? ticks, MfaChangeOutcome expected)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        await (isReset ? _scenario.ResetAsync() : _scenario.DisableAsync(_scenario.CodeOf(phone)));
        var ended = _scenario.Clock.GetUtcNow();
        _scenario.Clock.Advance(TimeSpan.FromHours(1));

        _scenario.SignedInAt = ended + ticks * TimeSpan.FromTicks(1);

        Assert.Equal(expected, (await _scenario.BeginAsync()).Outcome);
    }

    [Theory]
    [InlineData(false, MfaChangeOutcome.SignInRequired)]
    [InlineData(true, MfaChangeOutcome.Succeeded)]
    public async Task BeginEnrollmentAsync_PeriodOfAResetIsOver_NeedsThatThePasswordAloneIsAllowed(
        bool allowPasswordAlone, MfaChangeOutcome expected)
    {
        await _scenario.ResetAsync(allowPasswordAlone: allowPasswordAlone);
        _scenario.Clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(expected, (await _scenario.BeginAsync()).Outcome);
    }

    // An attacker who has the user's old session, but no code, is refused; the user's old session with a code is not.
    [Fact]
    public async Task BeginEnrollmentAsync_ProofOnAnEnabledRecord_NeedsNoNewerSession()
    {
        await _scenario.ResetAsync();
        var (phone, _) = await _scenario.EnrollAsync();
        _scenario.SignedInAt = null;

        Assert.Equal(MfaChangeOutcome.ProofRequired, (await _scenario.BeginAsync()).Outcome);
        Assert.True((await _scenario.BeginAsync(_scenario.CodeOf(phone))).Succeeded);
    }

    [Fact]
    public async Task BeginEnrollmentAsync_TotpLockedOut_IsLiftedByARecoveryCodeAndANewAuthenticator()
    {
        var (phone, tablet, codes) = await _scenario.EnrollTwoAsync();
        var early = await _scenario.ReceiptAsync(phone.GetCode());
        await _scenario.LockOutAsync(phone);
        var viaReceipt = await _scenario.BeginAsync(early);
        var recovered = await _scenario.ReceiptAsync(codes.Reveal()[0]);
        var added = await _scenario.BeginAsync(recovered);
        await _scenario.EnrollAsync(recovered, await _scenario.FirstAuthenticatorAsync());

        Assert.Equal(MfaChangeOutcome.ProofRefused, viaReceipt.Outcome);
        Assert.Equal(MfaChangeOutcome.LimitReached, added.Outcome);
        await _scenario.AssertAcceptsNextAsync(tablet);
        Assert.Equal(RefusalReason.WrongCode, (await _scenario.VerifyAsync(phone.GetCode())).Reason);
    }

    // As many authenticators as are allowed: those that must be bound again do not count towards the limit.
    [Fact]
    public async Task BeginEnrollmentAsync_AHundredFailures_ReplacesEveryAuthenticator()
    {
        var scenario = new Scenario(o => (o.TotpThrottle.LockoutThreshold, o.TotpThrottle.FailureAllowance) = (100, 100));
        var (phone, _, codes) = await scenario.EnrollTwoAsync();
        await scenario.FailAsync(100, phone);

        var (device, _) = await scenario.EnrollAsync(await scenario.ReceiptAsync(codes.Reveal()[0]));

        Assert.Single((await scenario.StatusAsync()).Authenticators);
        await scenario.AssertAcceptsNextAsync(device);
    }
}
