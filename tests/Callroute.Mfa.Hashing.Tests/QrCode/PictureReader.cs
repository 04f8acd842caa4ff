using System.Text;

namespace Callroute.Mfa.Hashing.Tests.QrCode;

/// <summary>Reads pictures as a phone does: with programs that do not share code with the renderer.</summary>
internal static class PictureReader
{
    public static void RequirePrograms()
    {
        ExternalProgram.Require("zbarimg");
        ExternalProgram.Require("rsvg-convert");
    }

    public static string ReadPng(byte[] png) => Scan(png, "png");

    public static string ReadSvg(string svg) => InFile(Encoding.UTF8.GetBytes(svg), "svg", file =>
    {
        ExternalProgram.Run("rsvg-convert", ["--width", "1600", "--output", $"{file}.png", file]);
        var png = File.ReadAllBytes($"{file}.png");
        File.Delete($"{file}.png");
        return ReadPng(png);
    });

    /// <summary>Photographs a terminal with light text on a dark background.</summary>
    public static string ReadTerminal(string text)
    {
        const int Scale = 8;
        var lines = text.TrimEnd('\n').Split('\n');
        var rows = lines.SelectMany(line => new[] { line.Select(block => block is '█' or '▀'), line.Select(block => block is '█' or '▄') });
        var pixels = rows
            .Select(row => row.SelectMany(isLight => Enumerable.Repeat(isLight ? (byte)255 : (byte)0, Scale)).ToArray())
            .SelectMany(row => Enumerable.Repeat(row, Scale).SelectMany(line => line));
        var header = $"P5 {lines[0].Length * Scale} {lines.Length * 2 * Scale} 255\n";
        return Scan([.. Encoding.ASCII.GetBytes(header), .. pixels], "pgm");
    }

    private static string Scan(byte[] picture, string extension) => InFile(
        picture, extension, file => ExternalProgram.Run("zbarimg", ["--raw", "-q", "-Sdisable", "-Sqrcode.enable", file]).TrimEnd('\n'));

    private static string InFile(byte[] content, string extension, Func<string, string> read)
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}.{extension}");
        File.WriteAllBytes(file, content);
        try
        {
            return read(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
