using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Core.Tests.Execution;

/// <summary>The callback that writes the application's own row: it fails, comes late, and races with callbacks of other servers.</summary>
public sealed class EnrolledNoticeTests
{
    private static readonly TwoKeys Keys = new();

    private static readonly Dictionary<string, Func<Scenario, VirtualAuthenticator, Task>> Writes = new()
    {
        ["wrong code"] = (scenario, phone) => scenario.VerifyAsync(scenario.WrongCode(phone)),
        ["unlock"] = (scenario, _) => scenario.UnlockAsync(),
        ["key rotation"] = (scenario, _) => scenario.Beside(protector: Keys.Both).RotateKeysAsync(),
    };

    private readonly UserRow _row = new();
    private readonly HookedStore _store = new();
    private readonly Scenario _scenario;

    // The session of the user is newer than every change.
    public EnrolledNoticeTests() => _scenario = Beside(new(store: _store, protector: Keys.OnlyOld), _row.WriteAsync);

    public static TheoryData<string> Changes => ["confirm", "disable", "reset"];

    public static TheoryData<string> LaterWrites => [.. Writes.Keys];

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

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task TryTellAsync_CallbackFails_IsMadeUpForAtTheNextSignIn(string change)
    {
        var run = await PrepareAsync(change);
        _row.BeforeWrite = UserRow.FailAsync;

        var changed = await run();
        await SignInAsync();
        await SignInAsync();

        Assert.True(changed.Succeeded);
        Assert.Equal(change == "confirm", _row.IsEnrolled);
        Assert.Equal(2, _row.Told.Count);
    }

    [Theory]
    [MemberData(nameof(LaterWrites))]
    public async Task TryTellAsync_CallbackFailed_IsMadeUpForByAnyWrite(string write)
    {
        _row.BeforeWrite = UserRow.FailAsync;
        var (phone, _) = await _scenario.EnrollAsync();

        await Writes[write](_scenario, phone);

        Assert.True(_row.IsEnrolled);
        Assert.Null((await _scenario.RecordAsync()).NoticeOwedSince);
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

        var reset = await _scenario.Mfa.ResetAsync(_scenario.User, "Phone lost", cancellationToken: cancellation.Token);

        Assert.True(reset.Succeeded);
        Assert.Null((await _scenario.RecordAsync()).NoticeOwedSince);
    }

    [Fact]
    public async Task TryTellAsync_CallbackOfAnEarlierChangeComesLast_TellsTheLaterChangeAgain()
    {
        var confirm = await PrepareAsync("confirm");
        _row.BeforeWrite = () => _scenario.ResetAsync();

        await confirm();

        Assert.False(_row.IsEnrolled);
        Assert.Equal([true, false, false], _row.Told);
    }

    [Fact]
    public async Task TryTellAsync_CallbackOfAnEarlierChangeComesLastAndFails_TheLaterChangeIsOwed()
    {
        var confirm = await PrepareAsync("confirm");
        _row.BeforeWrite = () => _scenario.ResetAsync();
        _row.AfterWrite = UserRow.FailAsync;

        await confirm();

        Assert.True(_row.IsEnrolled);
        Assert.Equal(SignInRequirement.EnrollmentRequired, await SignInAsync());
        Assert.False(_row.IsEnrolled);
    }

    // Enrolled and ended again meanwhile: the record says what this callback told, but the row does not.
    [Fact]
    public async Task TryTellAsync_LaterChangeOfTheSameValueIsOwed_IsNotTakenForTold()
    {
        var disable = await PrepareAsync("disable");
        _row.AfterWrite = async () =>
        {
            await _scenario.EnrollAsync();
            _row.BeforeWrite = UserRow.FailAsync;
            await _scenario.ResetAsync();
        };

        await disable();

        Assert.Equal([false, false, true, false, false], _row.Told);
        Assert.False(_row.IsEnrolled);
    }

    [Fact]
    public async Task TryTellAsync_OtherServersKeepChangingTheRecord_GivesUpAndStaysOwed()
    {
        var silent = Beside(_scenario, callback: null);
        async Task FlipAsync()
        {
            _row.AfterWrite = FlipAsync;
            await ((await silent.StatusAsync()).IsEnabled ? silent.ResetAsync() : (Task)silent.EnrollAsync());
        }

        var confirm = await PrepareAsync("confirm");
        _row.AfterWrite = FlipAsync;

        var confirmed = await confirm();
        _row.AfterWrite = null;
        await SignInAsync();

        Assert.True(confirmed.Succeeded);
        Assert.Equal([true, false, true, false, true, false], _row.Told);
        Assert.False(_row.IsEnrolled);
    }

    [Theory]
    [InlineData("enrolled", 0, SignInRequirement.Required, true)]
    [InlineData("ended", 0, SignInRequirement.Unavailable, true)]
    [InlineData("ended, owed", 0, SignInRequirement.NotRequired, false)]
    [InlineData("ended, owed", 24, SignInRequirement.Unavailable, true)]
    public async Task TryTellAsync_StorePutBackToABackup_BelievesAnOwedNoticeForADay(string backup, int hours, SignInRequirement expected, bool isEnrolled)
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

    private static Scenario Beside(Scenario scenario, Func<MfaSubject, bool, ValueTask>? callback)
    {
        var beside = scenario.Beside(options => options.OnEnrolledChanged = callback);
        beside.SignedInAt = DateTimeOffset.MaxValue;
        return beside;
    }

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
        return change == "disable" ? () => _scenario.DisableAsync(_scenario.CodeOf(phone)) : () => _scenario.ResetAsync();
    }
}
