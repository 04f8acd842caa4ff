using System.Diagnostics;

namespace Callroute.Mfa.Samples.Tests;

public sealed class QuickStartSampleTests
{
    [Fact]
    public void QuickStart_Program_IsShort()
    {
        var program = Repository.Read("samples/QuickStart/Program.cs");

        Assert.InRange(program.Split('\n').Count(line => line.Length > 0), 1, 15);
    }

    [Theory]
    [InlineData(true, "Welcome")]
    [InlineData(false, "WaitUntil")]
    public async Task QuickStart_PlayedByAPhone_EndsAsItShould(bool isFresh, string expected)
    {
        var rest = await QuickStartRun.PlayAsync(new ProcessStartInfo("dotnet", [BuiltProgram.Of("QuickStart")]), isFresh);

        Assert.Contains("Recovery code, shown once: ", rest, StringComparison.Ordinal);
        Assert.EndsWith($"{expected}\n", rest, StringComparison.Ordinal);
    }
}
