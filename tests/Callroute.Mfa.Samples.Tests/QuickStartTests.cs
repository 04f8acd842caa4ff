using System.Diagnostics;
using System.Text.RegularExpressions;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Samples.Tests;

public sealed partial class QuickStartTests
{
    [GeneratedRegex("type ([A-Z2-7 ]+)\\.")]
    private static partial Regex ManualKey { get; }

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
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "QuickStart.dll")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        using var phone = VirtualAuthenticator.FromManualKey(await ReadManualKeyAsync(process), TimeProvider.System);
        var first = phone.GetCode();

        await process.StandardInput.WriteLineAsync(first);
        await process.StandardInput.WriteLineAsync(isFresh ? phone.GetCodeAt(DateTimeOffset.UtcNow.AddSeconds(30)) : first);

        var rest = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Contains("Recovery code, shown once: ", rest, StringComparison.Ordinal);
        Assert.EndsWith($"{expected}\n", rest, StringComparison.Ordinal);
    }

    private static async Task<string> ReadManualKeyAsync(Process process)
    {
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (ManualKey.Match(line) is { Success: true } match)
            {
                return match.Groups[1].Value;
            }
        }

        throw new InvalidDataException("The program ended without a key.");
    }
}
