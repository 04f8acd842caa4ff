using System.Globalization;
using System.Runtime.InteropServices;

namespace Callroute.Mfa.LoadTest;

/// <summary>The environment of a run. Figures cannot be compared without it.</summary>
/// <param name="Command">The command line that repeats the run.</param>
/// <param name="Date">The time of its start in UTC.</param>
/// <param name="Cores">The number of processors that clients and server share.</param>
/// <param name="System">The operating system.</param>
/// <param name="Runtime">The version of .NET.</param>
/// <param name="Load">The load averages of 1, 5 and 15 minutes at its start; far below 1 on an idle machine.</param>
internal sealed record Machine(string Command, DateTimeOffset Date, int Cores, string System, string Runtime, string Load)
{
    public static Machine Describe() => new(
        $"dotnet run -c Release --project benchmarks/Callroute.Mfa.LoadTest -- "
        + $"{string.Join(' ', Environment.GetCommandLineArgs().Skip(1).Select(Quoted))}",
        DateTimeOffset.UtcNow,
        Environment.ProcessorCount,
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        ReadLoad());

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Command}\n{Date:yyyy-MM-dd HH:mm} UTC, {Cores} cores shared by clients and server, {System}, {Runtime}, load {Load}");

    private static string Quoted(string argument) => argument.Contains(' ', StringComparison.Ordinal) ? $"\"{argument}\"" : argument;

    private static string ReadLoad() =>
        File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3)) : "unknown";
}
