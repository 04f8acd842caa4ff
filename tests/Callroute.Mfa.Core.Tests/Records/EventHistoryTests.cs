using Callroute.Mfa.Records;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Core.Tests.Records;

public sealed class EventHistoryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private readonly Scenario _scenario = new();

    [Fact]
    public void Add_MoreThan32Events_KeepsTheNewest()
    {
        var history = Enumerable.Range(0, 40).Aggregate(EventHistory.Empty, (kept, minute) => kept.Add(At(minute)));

        Assert.Equal(Enumerable.Range(8, 32).Select(minute => (double)minute), history.Select(e => (e.At - Noon).TotalMinutes));
    }

    public static TheoryData<string> Unreadable =>
    [
        """{"at":"yesterday","kind":"Accepted"}""",
        """{}""",
        """{"at":"2026-01-01T00:00:00Z","kind":"Refused","method":"X"}""",
    ];

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task Read_EventThatCannotBeRead_IsKeptAndFailuresAreCounted(string broken)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        await ReplaceLastEventAsync(broken);

        await _scenario.FailAsync(4, phone);
        Assert.True((await _scenario.VerifyAsync(phone.GetCode())).Succeeded);
        Assert.Contains(broken, await _scenario.DocumentAsync(), StringComparison.Ordinal);
        Assert.Contains((await _scenario.StatusAsync()).RecentEvents, e => e.Kind == MfaEventKind.Other && e.At == default);

        for (var failure = 0; failure < 5; failure++)
        {
            Assert.Equal(RefusalReason.WrongCode, (await _scenario.VerifyAsync(_scenario.WrongCode(phone))).Reason);
        }

        Assert.Equal(RefusalReason.Throttled, (await _scenario.VerifyAsync(phone.GetCode())).Reason);
    }

    [Fact]
    public async Task Read_EventKindOfANewerVersion_IsKept()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        await _scenario.EditJsonAsync(json => json["events"]![0]!["kind"] = "PasskeyBound");

        Assert.True((await _scenario.VerifyAsync(phone.GetCode())).Succeeded);

        Assert.Contains("PasskeyBound", await _scenario.DocumentAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("[]")]
    public async Task Read_HistoryThatHoldsNoObject_IsUnavailable(string broken)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        await ReplaceLastEventAsync(broken);

        Assert.Equal(RefusalReason.Unavailable, (await _scenario.VerifyAsync(phone.GetCode())).Reason);
    }

    // Within the default throttles, guesses in turn with something else must not fill the history.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Log_WrongCodesInTurnWithRecoveryCodesOrNewNames_KeepTheHistory(bool areNames)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var id = await _scenario.FirstAuthenticatorAsync();
        for (var i = 0; i < 18; i++)
        {
            await _scenario.FailAsync(1, phone);
            await (areNames
                ? _scenario.Mfa.RenameAuthenticatorAsync(_scenario.User, id, $"Phone {i}", Scenario.Token).AsTask()
                : _scenario.FailRecoveryAsync(1));
        }

        var events = (await _scenario.StatusAsync()).RecentEvents;
        Assert.Contains(events, e => e.Kind == MfaEventKind.AuthenticatorBound);
        Assert.Equal(areNames ? [17] : [], events.Where(e => e.Kind == MfaEventKind.AuthenticatorRenamed).Select(e => e.Repeats));
    }

    [Fact]
    public async Task Log_EnrollmentsBegunWithoutAProof_AreOneEventAndKeepTheReset()
    {
        await _scenario.ResetAsync();
        for (var i = 0; i < 40; i++)
        {
            await _scenario.BeginAsync();
            _scenario.NextCode();
        }

        var events = (await _scenario.StatusAsync()).RecentEvents;

        Assert.Equal([(MfaEventKind.Reset, 0), (MfaEventKind.EnrollmentStarted, 39)], events.Select(e => (e.Kind, e.Repeats)));
        Assert.Equal(_scenario.Clock.GetUtcNow() - TimeSpan.FromSeconds(30), events[^1].At);
    }

    [Fact]
    public async Task Log_EnrollmentsBegunByOneReceipt_AreOneEvent()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var proof = await _scenario.ReceiptAsync(phone.GetCode());

        await _scenario.BeginAsync(proof);
        await _scenario.BeginAsync(proof);

        var events = (await _scenario.StatusAsync()).RecentEvents;
        Assert.Equal([0, 1], events.Where(e => e.Kind == MfaEventKind.EnrollmentStarted).Select(e => e.Repeats));
    }

    private static MfaEvent At(int minute) => new() { At = Noon.AddMinutes(minute), Kind = MfaEventKind.Accepted };

    private Task ReplaceLastEventAsync(string replacement) => _scenario.EditAsync(document =>
    {
        var end = document.IndexOf(']', document.IndexOf("\"events\":[", StringComparison.Ordinal));
        var start = document.LastIndexOf('{', end);
        return string.Concat(document.AsSpan(0, start), replacement, document.AsSpan(end));
    });
}
