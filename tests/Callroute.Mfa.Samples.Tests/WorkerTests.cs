using System.Diagnostics;
using System.Security.Cryptography;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Samples.Tests;

/// <summary>What docs/getting-started/worker.md shows.</summary>
public sealed class WorkerTests : IDisposable
{
    private const string KeyPrefix = "Key for the app: ";

    private readonly string _folder = Directory.CreateTempSubdirectory("callroute-worker-").FullName;

    [Fact]
    public async Task Worker_EnrolAndVerify_AcceptsEachCodeOnce()
    {
        using var process = Start(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));

        using var phone = VirtualAuthenticator.FromManualKey((await AskAsync(process, "enroll ann"))[KeyPrefix.Length..], TimeProvider.System);
        var (first, next) = (phone.GetCode(), phone.GetCodeAt(DateTimeOffset.UtcNow.AddSeconds(30)));

        Assert.StartsWith("Recovery code, shown once: ", await AskAsync(process, $"confirm ann {first}"), StringComparison.Ordinal);
        Assert.Equal("Accepted (Totp)", await AskAsync(process, $"verify ann {next}"));
        Assert.Equal("Refused (Replayed)", await AskAsync(process, $"verify ann {next}"));
        Assert.Equal("enroll USER, confirm USER CODE or verify USER CODE", await AskAsync(process, "help"));
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Process Start(string key) => Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Worker.dll"), "--Mfa:Key", key, "--ConnectionStrings:Mfa", $"Data Source={Path.Combine(_folder, "mfa.db")}", "--Logging:LogLevel:Default", "None"])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    private static async Task<string> AskAsync(Process process, string line)
    {
        await process.StandardInput.WriteLineAsync(line);
        return (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!;
    }
}
