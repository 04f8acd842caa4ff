using System.Text.RegularExpressions;
using Callroute.Mfa.Hashing.Tests.QrCode;

namespace Callroute.Mfa.Samples.Tests.OtpTool;

/// <summary>What the program shows on a terminal, which <c>script</c> makes.</summary>
public sealed partial class TerminalTests
{
    private const string Uri = $"otpauth://totp/I:a?secret={Tool.Secret}&issuer=I&algorithm=SHA1&digits=6&period=30";
    private const string Utf8 = "LC_ALL=C.UTF-8 TERM=xterm-256color";

    // White on black, whatever the colours of the terminal are, and nothing else.
    [GeneratedRegex("^\e\\[38;5;231;48;5;16m([█▀▄ ]+)\e\\[0m\r?$", RegexOptions.Multiline)]
    private static partial Regex PictureLine { get; }

    [Fact]
    public void Qr_Terminal_HasItsOwnColoursAndIsReadBack()
    {
        PictureReader.RequirePrograms();

        var lines = PictureLine.Matches(Show(Utf8, 120, 60, $"qr '{Uri}'")).Select(line => line.Groups[1].Value);

        Assert.Equal(Uri, PictureReader.ReadTerminal(string.Join('\n', lines)));
    }

    [Theory]
    [InlineData(Utf8, 40, 60, "the terminal has 40 columns and 60 lines, and needs 49 and 26")]
    [InlineData(Utf8, 120, 20, "the terminal has 120 columns and 20 lines, and needs 49 and 26")]
    [InlineData("LC_ALL=C TERM=xterm-256color", 120, 60, "the terminal's locale is not UTF-8 (LC_ALL, LC_CTYPE or LANG)")]
    [InlineData("LC_ALL=C.UTF-8 TERM=dumb", 120, 60, "the terminal shows no colours (TERM or NO_COLOR)")]
    [InlineData($"NO_COLOR=1 {Utf8}", 120, 60, "the terminal shows no colours (TERM or NO_COLOR)")]
    public void Qr_TerminalThatCannotShowIt_SaysWhy(string environment, int columns, int rows, string reason) => Assert.EndsWith(
        $"The QR code cannot be shown: {reason}. Use --output FILE.png or FILE.svg.",
        Show(environment, columns, rows, $"qr '{Uri}'").TrimEnd(),
        StringComparison.Ordinal);

    [Fact]
    public void CodeWatch_Terminal_HasABarAndTheSecondsLeft() => Assert.Matches(
        "[0-9]{6}\e\\[0m +[0-9]+ s .*━", Show(Utf8, 80, 24, $"code --watch --secret {Tool.Secret}", until: "timeout -s INT 3"));

    private static string Show(string environment, int columns, int rows, string arguments, string until = "env")
    {
        ExternalProgram.Require("script");
        var command = $"stty cols {columns} rows {rows}; {environment} {until} dotnet {Tool.File} {arguments}";
        return ExternalProgram.RunAny("script", ["-qec", command, "/dev/null"]).Output;
    }
}
