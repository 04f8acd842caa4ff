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
}
