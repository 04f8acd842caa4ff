using System.Text.Json;

namespace Callroute.Mfa.Samples.Tests.OtpTool;

/// <summary>Runs the built program as a process, as its users do.</summary>
internal static class Tool
{
    /// <summary>The secret of RFC 4226 appendix D and RFC 6238 appendix B.</summary>
    public const string Secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    public static string File { get; } = BuiltProgram.Of("OtpTool");

    public static (int ExitCode, string Output, string Error) RunAny(string[] arguments, string? input = null) =>
        ExternalProgram.RunAny("dotnet", [File, .. arguments], input);

    /// <summary>Runs the program, which must succeed and print nothing on standard error.</summary>
    public static string Run(params string[] arguments) => RunWithInput(null, arguments);

    public static string RunWithInput(string? input, params string[] arguments)
    {
        var (exitCode, output, error) = RunAny(arguments, input);
        Assert.Equal((0, string.Empty), (exitCode, error));
        return output.TrimEnd('\n');
    }

    public static JsonElement RunForJson(params string[] arguments) => JsonDocument.Parse(Run([.. arguments, "--json"])).RootElement;
}
