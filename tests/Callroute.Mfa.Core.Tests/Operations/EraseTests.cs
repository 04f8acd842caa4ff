using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Core.Tests.Operations;

public sealed class EraseTests
{
    private readonly Scenario _scenario = new();

    [Fact]
    public async Task EraseAsync_Record_LeavesNothing()
    {
        await _scenario.EnrollAsync();

        var erased = await _scenario.EraseAsync();
        var again = await _scenario.EraseAsync();

        Assert.True(erased.Succeeded);
        Assert.Equal(MfaChangeOutcome.NotEnrolled, again.Outcome);
        Assert.Null(await _scenario.Store.FindAsync(_scenario.User, Scenario.Token));
        Assert.Null(await _scenario.ExportAsync());
        Assert.Single(_scenario.Events, e => e.Kind == MfaEventKind.Erased);
    }

    [Theory]
    [InlineData("enrolled", true)]
    [InlineData("unreadable", true)]
    [InlineData("none", false)]
    public async Task EraseAsync_RecordOrNone_TellsTheApplicationBeforeItDeletes(string record, bool isTold)
    {
        var row = new UserRow();
        var scenario = _scenario.Beside(options => options.OnEnrolledChanged = row.WriteAsync);
        bool? isThere = null;
        row.BeforeWrite = async () => isThere = await scenario.Store.FindAsync(scenario.User, Scenario.Token) is not null;
        if (record != "none")
        {
            await _scenario.EnrollAsync();
            await _scenario.EditAsync(document => record == "unreadable" ? "spoilt" : document);
        }

        await scenario.EraseAsync();

        Assert.Equal(isTold ? true : null, isThere);
        Assert.Equal(isTold ? [false] : [], row.Told);
        Assert.Null(await scenario.Store.FindAsync(scenario.User, Scenario.Token));
    }

    [Fact]
    public async Task EraseAsync_CallbackFails_DeletesNothing()
    {
        var scenario = _scenario.Beside(options => options.OnEnrolledChanged = (_, _) => throw new IOException("The database is away."));
        await _scenario.EnrollAsync();

        await Assert.ThrowsAsync<IOException>(scenario.EraseAsync);

        Assert.True((await _scenario.StatusAsync()).IsEnabled);
        Assert.Empty(scenario.Events);
    }
}
