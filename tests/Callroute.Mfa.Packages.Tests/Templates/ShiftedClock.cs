using System.Globalization;

namespace Callroute.Mfa.Packages.Tests.Templates;

/// <summary>The clock of another process and of its users' phones. It runs, and a test moves it forward.</summary>
/// <remarks>Stock Identity reads the system's clock, so the process gets this one by the library of <c>faketime</c>.</remarks>
internal sealed class ShiftedClock(string folder) : TimeProvider
{
    private static readonly string? Library = Directory.Exists("/usr/lib")
        ? Directory.GetDirectories("/usr/lib").Select(path => Path.Combine(path, "faketime", "libfaketime.so.1")).FirstOrDefault(File.Exists)
        : null;

    private readonly string _file = Path.Combine(folder, "clock");
    private TimeSpan _shift;

    /// <summary>The variables that the process needs. Without the library, the running test is skipped with the reason.</summary>
    public IEnumerable<(string Name, string Value)> Variables
    {
        get
        {
            Assert.SkipWhen(Library is null, "Debian's 'faketime' is not installed; tests/run.sh installs it.");
            Advance(TimeSpan.Zero);
            return
            [
                ("LD_PRELOAD", Library!), ("FAKETIME_TIMESTAMP_FILE", _file), ("FAKETIME_NO_CACHE", "1"),
                ("FAKETIME_DONT_FAKE_MONOTONIC", "1"), ("NO_FAKE_STAT", "1"),
            ];
        }
    }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _shift;

    public void Advance(TimeSpan time)
    {
        _shift += time;

        // A rename, because the process must never read half a file.
        File.WriteAllText($"{_file}.new", string.Create(CultureInfo.InvariantCulture, $"+{_shift.TotalSeconds}"));
        File.Move($"{_file}.new", _file, overwrite: true);
    }
}
