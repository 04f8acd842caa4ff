namespace Callroute.Mfa.Core.Tests.Execution;

/// <summary>The callback that writes the application's own row: it fails, comes late, and races with callbacks of other servers.</summary>
public sealed class EnrolledNoticeTests
{
    private readonly UserRow _row = new();
    private readonly HookedStore _store = new();
    private readonly Scenario _scenario;

    // The session of the user is newer than every change.
    public EnrolledNoticeTests() => _scenario = new(
        new MfaOptions { Issuer = "Callroute", OnEnrolledChanged = _row.WriteAsync }, _store)
    {
        SignedInAt = DateTimeOffset.MaxValue,
    };

    public static TheoryData<string> Changes => ["confirm", "disable", "reset"];

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task TryTellAsync_Change_IsCalledWhenItIsDurable(string change)
    {
        var run = await PrepareAsync(change);
        bool? isEnabled = null;
        _row.BeforeWrite = async () => isEnabled = (await _scenario.StatusAsync()).IsEnabled;

        await run();

        Assert.Equal(change == "confirm", isEnabled);
        Assert.Equal([change == "confirm"], _row.Told);
        Assert.Null((await _scenario.RecordAsync()).NoticeOwedSince);
    }

    [Fact]
    public async Task TryTellAsync_CallbackFailed_IsMadeUpForByTheNextChange()
    {
        _row.BeforeWrite = UserRow.FailAsync;
        await _scenario.EnrollAsync();

        await _scenario.UnlockAsync();

        Assert.True(_row.IsEnrolled);
        Assert.Null((await _scenario.RecordAsync()).NoticeOwedSince);
    }

    // The row still says that the user is enrolled, so nobody gets in if the record is lost.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TryTellAsync_ResetThatDoesNotAllowThePasswordAlone_IsNotTold(bool fails)
    {
        var confirm = await PrepareAsync("confirm");
        _row.BeforeWrite = () => _scenario.ResetAsync();
        _row.AfterWrite = fails ? UserRow.FailAsync : null;

        await confirm();
        await SignInAsync();

        Assert.Equal([true], _row.Told);
    }

    [Fact]
    public async Task TryTellAsync_WriteAfterTheCallbackFails_ComesTwice()
    {
        var confirm = await PrepareAsync("confirm");
        _row.AfterWrite = () =>
        {
            _store.OnWrite = _ => throw new IOException("The store is away.");
            return Task.CompletedTask;
        };

        var confirmed = await confirm();
        _store.OnWrite = null;
        await SignInAsync();

        Assert.True(confirmed.Succeeded);
        Assert.Equal([true, true], _row.Told);
        Assert.Null((await _scenario.RecordAsync()).NoticeOwedSince);
    }

    [Fact]
    public async Task TryTellAsync_CallerCancelsMeanwhile_RunsToItsEnd()
    {
        using var cancellation = new CancellationTokenSource();
        await _scenario.EnrollAsync();
        _row.BeforeWrite = cancellation.CancelAsync;

        var reset = await _scenario.Mfa.ResetAsync(_scenario.User, "Phone lost", null, true, cancellation.Token);

        Assert.True(reset.Succeeded);
        Assert.Null((await _scenario.RecordAsync()).NoticeOwedSince);
    }

    [Fact]
    public async Task TryTellAsync_CallbackOfAnEarlierChangeComesLast_TellsTheLaterChangeAgain()
    {
        var confirm = await PrepareAsync("confirm");
        _row.BeforeWrite = EndAsync;

        await confirm();

        Assert.False(_row.IsEnrolled);
        Assert.Equal([true, false, false], _row.Told);
    }

    // During the callback the user enrols and disables again. So the record agrees with the callback, but the row does not.
    [Fact]
    public async Task TryTellAsync_LaterChangeOfTheSameValueIsOwed_IsNotTakenForTold()
    {
        var disable = await PrepareAsync("disable");
        _row.AfterWrite = async () =>
        {
            await _scenario.EnrollAsync();
            _row.BeforeWrite = UserRow.FailAsync;
            await EndAsync();
        };

        await disable();

        Assert.Equal([false, false, true, false, false], _row.Told);
        Assert.False(_row.IsEnrolled);
    }

    [Fact]
    public async Task TryTellAsync_OtherServersKeepChangingTheRecord_GivesUpAndNobodyGetsIn()
    {
        async Task FlipAsync()
        {
            await ((await _scenario.StatusAsync()).IsEnabled ? EndAsync() : (Task)_scenario.EnrollAsync());
            _row.BeforeWrite = FlipAsync;
        }

        var confirm = await PrepareAsync("confirm");
        _row.BeforeWrite = FlipAsync;

        var confirmed = await confirm();
        _row.BeforeWrite = null;

        Assert.True(confirmed.Succeeded);
        Assert.Equal([true, false, false, true, true, false, false, true, true, false], _row.Told);
        Assert.Equal(SignInRequirement.EnrollmentRequired, await SignInAsync());
    }

    [Theory]
    [InlineData("enrolled", 0, SignInRequirement.Required, true)]
    [InlineData("ended", 0, SignInRequirement.Unavailable, true)]
    [InlineData("ended, owed", 0, SignInRequirement.NotRequired, false)]
    [InlineData("ended, owed", 24, SignInRequirement.Unavailable, true)]
    public async Task TryTellAsync_StorePutBack_BelievesAnOwedNoticeForADay(
        string backup, int hours, SignInRequirement expected, bool isEnrolled)
    {
        var disable = await PrepareAsync("disable");
        var document = await _scenario.DocumentAsync();
        _row.BeforeWrite = backup == "ended, owed" ? UserRow.FailAsync : null;
        await disable();
        if (backup != "enrolled")
        {
            document = await _scenario.DocumentAsync();
            await _scenario.EnrollAsync();
        }

        await _scenario.EditAsync(_ => document);
        _scenario.Clock.Advance(TimeSpan.FromHours(hours));

        Assert.Equal(expected, await SignInAsync());
        Assert.Equal(isEnrolled, _row.IsEnrolled);
    }

    private Task<MfaChangeResult> EndAsync() => _scenario.ResetAsync(allowPasswordAlone: true);

    private Task<SignInRequirement> SignInAsync() => _scenario.RequirementAsync(isEnrolled: _row.IsEnrolled);

    /// <returns>The change. The row is right before it.</returns>
    private async Task<Func<Task<MfaChangeResult>>> PrepareAsync(string change)
    {
        if (change == "confirm")
        {
            var (offer, device) = await _scenario.BeginAndScanAsync();
            return () => _scenario.ConfirmAsync(offer, device.GetCode());
        }

        var (phone, _) = await _scenario.EnrollAsync();
        _row.Told.Clear();
        return change == "disable" ? () => _scenario.DisableAsync(_scenario.CodeOf(phone)) : EndAsync;
    }
}
