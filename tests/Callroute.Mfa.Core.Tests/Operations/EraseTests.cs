
namespace Callroute.Mfa.Core.Tests.Operations;

public sealed class EraseTests
{
    private readonly Scenario _scenario = new();

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
        Assert.Null(await scenario.ExportAsync());
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
