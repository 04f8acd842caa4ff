namespace Callroute.Mfa.Core.Tests.Operations;

public sealed class RegenerateRecoveryCodesTests
{
    private readonly Scenario _scenario = new();

    [Fact]
    public async Task RegenerateRecoveryCodesAsync_Pending_BothSetsWorkWithOneHash()
    {
        var scenario = new Scenario(options => (options.Recovery.Count, options.Recovery.RegenerateOnUse) = (2, false));
        var (phone, old) = await scenario.EnrollAsync();
        var made = (await scenario.RegenerateAsync(scenario.CodeOf(phone))).RecoveryCodes!.Reveal();
        var before = scenario.Hasher.Runs;

        var viaOld = await scenario.VerifyAsync(old!.Reveal()[0]);
        var viaNew = await scenario.VerifyAsync(made[0]);
        var viaOldAgain = await scenario.VerifyAsync(old.Reveal()[1]);

        Assert.True(viaOld.Succeeded);
        Assert.True(viaNew.Succeeded);
        Assert.Equal(RefusalReason.WrongCode, viaOldAgain.Reason);
        Assert.Equal(before + 3, scenario.Hasher.Runs);
        Assert.True((await scenario.VerifyAsync(made[1])).Succeeded);
    }

    [Fact]
    public async Task RegenerateRecoveryCodesAsync_SettingsThatTheHasherDoesNotSupport_ThrowsAndKeepsTheOldCodes()
    {
        var (phone, codes) = await _scenario.EnrollAsync();
        var proof = await _scenario.ReceiptAsync(phone.GetCode());
        _scenario.Hasher.Barrier = Task.FromException(new NotSupportedException("p=2"));

        await Assert.ThrowsAsync<NotSupportedException>(() => _scenario.RegenerateAsync(proof));

        _scenario.Hasher.Barrier = Task.CompletedTask;
        Assert.False((await _scenario.StatusAsync()).HasPendingRecoveryCodes);
        Assert.True((await _scenario.VerifyAsync(codes!.Reveal()[0])).Succeeded);
    }

    // The clock was a day ahead while all regenerations were used up.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RegenerateRecoveryCodesAsync_TimeRepairedByAnAdministrator_IsThrottledForAnHourAtMost(bool resets)
    {
        var (phone, codes) = await _scenario.EnrollAsync();
        _scenario.Clock.Advance(TimeSpan.FromDays(1));
        var proof = await _scenario.ReceiptAsync(phone.GetCode());
        for (var i = 0; i < 5; i++)
        {
            Assert.True((await _scenario.RegenerateAsync(proof)).Succeeded);
        }

        _scenario.Clock.AdjustTime(Scenario.Start);
        await (resets ? _scenario.ResetAsync() : _scenario.UnlockAsync());
        codes = resets ? (await _scenario.EnrollAsync()).Codes : codes;
        _scenario.Clock.Advance(TimeSpan.FromHours(1));

        Assert.True((await _scenario.RegenerateAsync(_scenario.ProofOf(codes!.Reveal()[0]))).Succeeded);
    }

    [Theory]
    [InlineData("cost", "use")]
    [InlineData("cost", "regeneration")]
    [InlineData("pepper", "use")]
    [InlineData("pepper", "regeneration")]
    public async Task UsesOldRecoverySettings_CostOrPepperChanged_IsTrueUntilTheCodesAreReplaced(string changed, string end)
    {
        var (phone, codes) = await _scenario.EnrollAsync();
        var later = changed == "cost"
            ? _scenario.Beside(hasher: new ProbeHasher("stronger"))
            : _scenario.Beside(options => options.Recovery.Peppers = Scenario.NewKeys("p1"));
        var before = ((await _scenario.StatusAsync()).UsesOldRecoverySettings, (await later.StatusAsync()).UsesOldRecoverySettings);

        if (end == "use")
        {
            Assert.True((await later.VerifyAsync(codes!.Reveal()[0])).Succeeded);
        }
        else
        {
            await later.AcknowledgeAsync((await later.RegenerateAsync(later.CodeOf(phone))).RecoveryCodes);
        }

        Assert.Equal((false, true), before);
        Assert.False((await later.StatusAsync()).UsesOldRecoverySettings);
    }

    // The old codes cannot be checked any more.
    [Fact]
    public async Task RegenerateRecoveryCodesAsync_PepperOfTheOldSetIsGone_MakesANewSet()
    {
        var scenario = new Scenario(options => options.Recovery.Peppers = Scenario.NewKeys("p1"));
        var (phone, _) = await scenario.EnrollAsync();
        var later = scenario.Beside(options => options.Recovery.Peppers = Scenario.NewKeys("p2"));

        var made = await later.RegenerateAsync(scenario.CodeOf(phone));

        Assert.True((await later.VerifyAsync(made.RecoveryCodes!.Reveal()[0])).Succeeded);
    }
}
