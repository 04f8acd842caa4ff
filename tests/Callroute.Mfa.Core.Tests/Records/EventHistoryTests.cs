using System.Text;
using Callroute.Mfa.Core.Tests.Flows;
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

    public static TheoryData<string> Unreadable => ["{\"at\":\"yesterday\",\"kind\":\"Accepted\"}", "{}", "{\"at\":\"2026-01-01T00:00:00Z\",\"kind\":\"Refused\",\"method\":\"X\"}"];

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task Verify_EventThatCannotBeRead_IsCarriedAlong(string broken)
    {
        var scenario = new Scenario();
        var (phone, _) = await scenario.EnrollAsync();
        await ReplaceLastEventAsync(scenario, broken);

        Assert.True((await scenario.VerifyAsync(phone.GetCode())).Succeeded);

        Assert.Contains(broken, await DocumentAsync(scenario), StringComparison.Ordinal);
        Assert.Contains((await scenario.StatusAsync()).RecentEvents, e => e.Kind == MfaEventKind.Other && e.At == default);
    }

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task Verify_WrongCodesAfterAnEventThatCannotBeRead_AreCharged(string broken)
    {
        var scenario = new Scenario();
        var (phone, _) = await scenario.EnrollAsync();
        await ReplaceLastEventAsync(scenario, broken);

        for (var failure = 0; failure < 5; failure++)
        {
            Assert.Equal(RefusalReason.WrongCode, (await scenario.VerifyAsync(scenario.WrongCode(phone))).Reason);
        }

        Assert.Equal(RefusalReason.Throttled, (await scenario.VerifyAsync(phone.GetCode())).Reason);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("[]")]
    public async Task Verify_HistoryThatHoldsNoObject_IsUnavailable(string broken)
    {
        var scenario = new Scenario();
        var (phone, _) = await scenario.EnrollAsync();
        await ReplaceLastEventAsync(scenario, broken);

        Assert.Equal(RefusalReason.Unavailable, (await scenario.VerifyAsync(phone.GetCode())).Reason);
    }

    private static MfaEvent At(int minute) => new() { At = Noon.AddMinutes(minute), Kind = MfaEventKind.Accepted };

    private static async Task<string> DocumentAsync(Scenario scenario) =>
        Encoding.UTF8.GetString((await scenario.Store.FindAsync(scenario.User, Scenario.Token))!.Document.Span);

    private static async Task ReplaceLastEventAsync(Scenario scenario, string replacement)
    {
        var stored = (await scenario.Store.FindAsync(scenario.User, Scenario.Token))!;
        var document = Encoding.UTF8.GetString(stored.Document.Span);
        var end = document.IndexOf(']', document.IndexOf("\"events\":[", StringComparison.Ordinal));
        var start = document.LastIndexOf('{', end);
        var changed = string.Concat(document.AsSpan(0, start), replacement, document.AsSpan(end));
        Assert.True(await scenario.Store.TryWriteAsync(scenario.User, Encoding.UTF8.GetBytes(changed), Guid.NewGuid(), stored.Version, Scenario.Token));
    }
}
