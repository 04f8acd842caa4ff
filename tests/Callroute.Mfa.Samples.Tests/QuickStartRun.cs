using System.Diagnostics;
using System.Text.RegularExpressions;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Samples.Tests;

/// <summary>Runs the QuickStart like a user with a phone.</summary>
internal static partial class QuickStartRun
{
    [GeneratedRegex("type ([A-Z2-7 ]+)\\.")]
    private static partial Regex ManualKey { get; }

    /// <summary>Enrols, and signs in with the next code or with the one that was used to enrol.</summary>
    /// <returns>The output of the program after the first code.</returns>
    public static async Task<string> PlayAsync(ProcessStartInfo start, bool isFresh)
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput) = (true, true);
        using var process = Process.Start(start)!;
        using var phone = VirtualAuthenticator.FromManualKey(await ReadManualKeyAsync(process), TimeProvider.System);
        var first = phone.GetCode();

        await process.StandardInput.WriteLineAsync(first);
        await process.StandardInput.WriteLineAsync(isFresh ? phone.GetCodeAt(DateTimeOffset.UtcNow.AddSeconds(30)) : first);

        return await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
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
