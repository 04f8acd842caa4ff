namespace Callroute.Mfa.OtpTool;

/// <summary>Reads a text that may be secret from the argument itself, or from a place that other processes do not see.</summary>
internal static class SecretText
{
    /// <summary>A sentence for the help of each argument that is read so.</summary>
    public const string Sources =
        "An argument is visible to other processes; '-' (a line of standard input), env:NAME and file:PATH are not.";

    private const string Environment = "env:";
    private const string File = "file:";

    /// <summary>Returns the first line, without white space at its ends.</summary>
    /// <exception cref="InputException">The variable or the file does not exist.</exception>
    public static string Read(string text, string name) => text == "-"
        ? (Console.In.ReadLine() ?? string.Empty).Trim()
        : ReadAll(text, name).Split('\n', 2)[0].Trim();

    /// <summary>Returns the whole text; '-' reads standard input to its end.</summary>
    /// <exception cref="InputException">The variable or the file does not exist.</exception>
    public static string ReadAll(string text, string name) =>
        text == "-" ? Console.In.ReadToEnd()
        : text.StartsWith(Environment, StringComparison.Ordinal) ? ReadVariable(text[Environment.Length..], name)
        : text.StartsWith(File, StringComparison.Ordinal) ? ReadFile(text[File.Length..], name)
        : text;

    /// <summary>Says whether a text names a place, so that it is not the text itself.</summary>
    public static bool IsPlace(string text) =>
        text == "-" || text.StartsWith(Environment, StringComparison.Ordinal) || text.StartsWith(File, StringComparison.Ordinal);

    private static string ReadVariable(string variable, string name) =>
        variable.Length > 0 && System.Environment.GetEnvironmentVariable(variable) is { } value
            ? value
            : throw new InputException($"{name}: env:NAME must name an environment variable that is set.");

    private static string ReadFile(string path, string name)
    {
        try
        {
            return System.IO.File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException($"{name}: file:PATH must name a file that can be read ({exception.GetType().Name}).");
        }
    }
}
