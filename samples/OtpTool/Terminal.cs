using Spectre.Console;

namespace Callroute.Mfa.OtpTool;

/// <summary>Standard output and standard error, and what they can show.</summary>
internal static class Terminal
{
    // Do not wrap the lines of a file.
    private const int WidthOfFile = 1000;

    private static readonly string[] LocaleVariables = ["LC_ALL", "LC_CTYPE", "LANG"];

    public static IAnsiConsole Out { get; } = Create(Console.Out, Console.IsOutputRedirected);

    public static IAnsiConsole Error { get; } = Create(Console.Error, Console.IsErrorRedirected);

    /// <summary>Returns why standard output cannot show a picture of blocks; null if it can.</summary>
    public static string? WhyNoPicture(int columns, int rows) =>
        Console.IsOutputRedirected ? "standard output is not a terminal"
        : !HasUtf8() ? "the terminal's locale is not UTF-8 (LC_ALL, LC_CTYPE or LANG)"
        : !Out.Profile.Capabilities.Ansi || Out.Profile.Capabilities.ColorSystem == ColorSystem.NoColors
            ? "the terminal shows no colours (TERM or NO_COLOR)"
        : Console.WindowWidth < columns || Console.WindowHeight <= rows
            ? $"the terminal has {Console.WindowWidth} columns and {Console.WindowHeight} lines, and needs {columns} and {rows + 1}"
        : null;

    // .NET takes UTF-8 where the locale names no encoding, so ask the locale as other programs do. Windows has an encoding of its own,
    // which the program has set.
    private static bool HasUtf8()
    {
        var locale = LocaleVariables.Select(Environment.GetEnvironmentVariable).FirstOrDefault(value => value is { Length: > 0 }) ?? "C";
        return OperatingSystem.IsWindows()
            || locale.Replace("-", string.Empty, StringComparison.Ordinal).Contains("UTF8", StringComparison.OrdinalIgnoreCase);
    }

    private static IAnsiConsole Create(TextWriter writer, bool isRedirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = isRedirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        console.Profile.Width = isRedirected ? WidthOfFile : console.Profile.Width;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }
}
