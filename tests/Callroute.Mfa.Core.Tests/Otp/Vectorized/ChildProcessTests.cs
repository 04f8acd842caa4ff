using System.Globalization;
using System.Text.Json.Nodes;

namespace Callroute.Mfa.Core.Tests.Otp.Vectorized;

/// <summary>Runs tests again in child processes: with fewer instructions of the processor, and with the switch on.</summary>
public sealed class ChildProcessTests : IDisposable
{
    private static readonly string Tests = Path.Combine(AppContext.BaseDirectory, "Callroute.Mfa.Core.Tests");

    private readonly string _configuration = Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}.runtimeconfig.json");

    public void Dispose() => File.Delete(_configuration);

    // If the processor is narrower than the limit of the runtime, the test expects the processor's width. The compiler uses other
    // instructions in each row. In the last one it has none, so the platform does everything.
    [Theory]
    [InlineData("DOTNET_EnableAVX512=0", 256)]
    [InlineData("DOTNET_EnableAVX2=0", 128)]
    [InlineData("DOTNET_EnableHWIntrinsic=0", 0)]
    public void Kernel_WithFewerInstructions_EqualsThePlatform(string setting, int bits)
    {
        var width = Math.Min(bits, VectorizedHmacTests.VectorBits).ToString(CultureInfo.InvariantCulture);

        var output = ExternalProgram.Run(
            "env",
            [
                setting, $"{VectorizedHmacTests.WidthVariable}={width}", "dotnet", $"{Tests}.dll",
                "-class", typeof(VectorizedHmacTests).FullName!,
            ]);

        Assert.Matches("Total: [1-9].*Errors: 0, Failed: 0, Skipped: 0", output);
    }

    // RFC vectors, windows and allocations: the kernel passes the same tests as the platform's HMAC.
    [Fact]
    public void Engine_WithTheSwitchOn_PassesItsTests()
    {
        string[] classes = ["*.Rfc.*", "*.Otp.Hotp*", "*.Otp.Totp*", "*.Otp.Otp*", "*.VectorizedSwitchTests"];
        var configuration = JsonNode.Parse(File.ReadAllText($"{Tests}.runtimeconfig.json"))!;
        configuration["runtimeOptions"]!["configProperties"]!["Callroute.Mfa.VectorizedHmac"] = true;
        File.WriteAllText(_configuration, configuration.ToJsonString());

        string[] command = ["dotnet", "exec", "--runtimeconfig", _configuration, "--depsfile", $"{Tests}.deps.json", $"{Tests}.dll"];
        var output = ExternalProgram.Run(
            "env",
            [
                $"{VectorizedSwitchTests.SwitchVariable}=1", .. command, "-reporter", "verbose",
                .. classes.SelectMany(name => new[] { "-class", name }),
            ]);

        Assert.Matches("Total: [1-9].*Errors: 0, Failed: 0, Skipped: 0", output);
        Assert.All(classes, name => Assert.Contains(name.Trim('*'), output, StringComparison.Ordinal));
    }
}
