using Callroute.Mfa.Records;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Core.Tests.Records;

public sealed class EventHistoryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Add_MoreThan32Events_KeepsTheNewest()
    {
        var history = Enumerable.Range(0, 40).Aggregate(EventHistory.Empty, (kept, minute) => kept.Add(At(minute)));

        Assert.Equal(Enumerable.Range(8, 32).Select(minute => (double)minute), history.Select(e => (e.At - Noon).TotalMinutes));
    }

    [Fact]
    public void Replace_OneEvent_LeavesTheOthers()
    {
        var history = EventHistory.Empty.Add(At(1)).Add(At(2)).Add(At(3)).Replace(1, At(7));

        Assert.Equal([1, 7, 3], history.Select(e => (e.At - Noon).TotalMinutes));
    }

    [Fact]
    public void RemoveAt_OneEvent_LeavesTheOthers()
    {
        var history = EventHistory.Empty.Add(At(1)).Add(At(2)).Add(At(3)).RemoveAt(0);

        Assert.Equal([2, 3], history.Select(e => (e.At - Noon).TotalMinutes));
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
        var scenario = new Scenario();
        var (phone, _) = await scenario.EnrollAsync();
        await ReplaceLastEventAsync(scenario, broken);

        await scenario.FailAsync(4, phone);
        Assert.True((await scenario.VerifyAsync(phone.GetCode())).Succeeded);
        Assert.Contains(broken, await scenario.DocumentAsync(), StringComparison.Ordinal);
        Assert.Contains((await scenario.StatusAsync()).RecentEvents, e => e.Kind == MfaEventKind.Other && e.At == default);

        for (var failure = 0; failure < 5; failure++)
        {
            Assert.Equal(RefusalReason.WrongCode, (await scenario.VerifyAsync(scenario.WrongCode(phone))).Reason);
        }

        Assert.Equal(RefusalReason.Throttled, (await scenario.VerifyAsync(phone.GetCode())).Reason);
    }

    [Fact]
    public async Task Read_EventKindOfANewerVersion_IsKept()
    {
        var scenario = new Scenario();
        var (phone, _) = await scenario.EnrollAsync();
        await scenario.EditJsonAsync(json => json["events"]![0]!["kind"] = "PasskeyBound");

        Assert.True((await scenario.VerifyAsync(phone.GetCode())).Succeeded);

        Assert.Contains("PasskeyBound", await scenario.DocumentAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("[]")]
    public async Task Read_HistoryThatHoldsNoObject_IsUnavailable(string broken)
    {
        var scenario = new Scenario();
        var (phone, _) = await scenario.EnrollAsync();
        await ReplaceLastEventAsync(scenario, broken);

        Assert.Equal(RefusalReason.Unavailable, (await scenario.VerifyAsync(phone.GetCode())).Reason);
    }

    // Within the default throttles, guesses for one factor and the other in turn must not fill the history.
    [Fact]
    public async Task Log_GuessesThatAlternateBetweenFactors_KeepTheBinding()
    {
        var scenario = new Scenario();
        var (phone, _) = await scenario.EnrollAsync();
        for (var i = 0; i < 18; i++)
        {
            await scenario.FailAsync(1, phone);
            await scenario.FailRecoveryAsync(1);
        }

        Assert.Contains((await scenario.StatusAsync()).RecentEvents, e => e.Kind == MfaEventKind.AuthenticatorBound);
    }

    [Fact]
    public async Task Log_EnrollmentsBegunWithoutAProof_AreOneEventAndKeepTheReset()
    {
        var scenario = new Scenario();
        await scenario.ResetAsync();
        for (var i = 0; i < 40; i++)
        {
            await scenario.BeginAsync();
            scenario.NextCode();
        }

        var events = (await scenario.StatusAsync()).RecentEvents;

        Assert.Equal([(MfaEventKind.Reset, 0), (MfaEventKind.EnrollmentStarted, 39)], events.Select(e => (e.Kind, e.Repeats)));
        Assert.Equal(scenario.Clock.GetUtcNow() - TimeSpan.FromSeconds(30), events[^1].At);
    }

    [Fact]
    public async Task Log_WrongCodesAndNewNamesInTurn_KeepTheHistory()
    {
        var scenario = new Scenario();
        var (phone, _) = await scenario.EnrollAsync();
        for (var i = 0; i < 18; i++)
        {
            await scenario.FailAsync(1, phone);
            await scenario.Mfa.RenameAuthenticatorAsync(
                scenario.User, await scenario.FirstAuthenticatorAsync(), $"Phone {i}", Scenario.Token);
        }

        var events = (await scenario.StatusAsync()).RecentEvents;
        Assert.Contains(events, e => e.Kind == MfaEventKind.AuthenticatorBound);
        Assert.Equal(17, events.Single(e => e.Kind == MfaEventKind.AuthenticatorRenamed).Repeats);
    }

    [Fact]
    public async Task Log_EnrollmentsBegunByOneReceipt_AreOneEvent()
    {
        var scenario = new Scenario();
        var (phone, _) = await scenario.EnrollAsync();
        var proof = await scenario.ReceiptAsync(phone.GetCode());

        await scenario.BeginAsync(proof);
        await scenario.BeginAsync(proof);

        var events = (await scenario.StatusAsync()).RecentEvents;
        Assert.Equal([0, 1], events.Where(e => e.Kind == MfaEventKind.EnrollmentStarted).Select(e => e.Repeats));
    }

    private static MfaEvent At(int minute) => new() { At = Noon.AddMinutes(minute), Kind = MfaEventKind.Accepted };

    private static Task ReplaceLastEventAsync(Scenario scenario, string replacement) => scenario.EditAsync(document =>
    {
        var end = document.IndexOf(']', document.IndexOf("\"events\":[", StringComparison.Ordinal));
        var start = document.LastIndexOf('{', end);
        return string.Concat(document.AsSpan(0, start), replacement, document.AsSpan(end));
    });
}
