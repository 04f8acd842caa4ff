using System.Diagnostics;
using System.Security.Cryptography;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Samples.Tests;

/// <summary>Runs the Worker like a user with a phone.</summary>
internal static class WorkerRun
{
    private const string KeyPrefix = "Key for the app: ";
    private const string RecoveryCodePrefix = "Recovery code, shown once: ";

    /// <summary>Enrols, signs in with a code and with a recovery code, and finds each refused the second time.</summary>
    /// <param name="program">The path of the program, for <c>dotnet</c>.</param>
    /// <param name="database">The database that it connects to.</param>
    public static async Task AssertAcceptsEachCodeOnceAsync(string program, string database)
    {
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        string[] keys = ["--Mfa:ActiveKey", "k1", "--Mfa:Keys:k1", key];
        string[] settings = ["--ConnectionStrings:Mfa", database, "--Logging:LogLevel:Default", "None"];
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. keys, .. settings])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var shown = await AskAsync(process, "enroll ann");
        using var phone = VirtualAuthenticator.FromManualKey(shown[KeyPrefix.Length..], TimeProvider.System);
        var (first, next) = (phone.GetCode(), phone.GetCodeAt(DateTimeOffset.UtcNow.AddSeconds(30)));

        var confirmed = await AskAsync(process, $"confirm ann {first}");
        Assert.StartsWith(RecoveryCodePrefix, confirmed, StringComparison.Ordinal);
        Assert.Equal("Succeeded (Totp)", await AskAsync(process, $"verify ann {next}"));
        Assert.Equal("Refused (Replayed)", await AskAsync(process, $"verify ann {next}"));
        var recovery = $"verify ann {confirmed[RecoveryCodePrefix.Length..]}";
        Assert.StartsWith("Succeeded", await AskAsync(process, recovery), StringComparison.Ordinal);
        Assert.StartsWith("Refused", await AskAsync(process, recovery), StringComparison.Ordinal);
        Assert.Equal("enroll USER, confirm USER CODE or verify USER CODE", await AskAsync(process, "help"));
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }

    private static async Task<string> AskAsync(Process process, string line)
    {
        await process.StandardInput.WriteLineAsync(line);
        return (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!;
    }
}
