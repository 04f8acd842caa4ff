using System.CommandLine;
using System.Text;
using Callroute.Mfa.Provisioning;
using Callroute.Mfa.QrCode;
using Spectre.Console;

namespace Callroute.Mfa.OtpTool;

/// <summary><c>qr</c>: draws a provisioning URI on the terminal or into a file.</summary>
internal static class QrVerb
{
    private const string Unchecked = "-";

    public static Command Create()
    {
        var text = UriArgument.Create();
        var output = new Option<string?>("--output")
        {
            HelpName = "FILE.png|FILE.svg|-",
            Description = "Draw into a file; on the terminal by default. '-' draws text without colours for a dark background, "
                + "without asking what the terminal can show.",
        };
        var command = new Command("qr", "Draw a provisioning URI as a QR code, which shows the secret.") { text, output };
        command.SetAction(result => Run(result.GetRequiredValue(text), result.GetValue(output)));
        return command;
    }

    private static int Run(string text, string? output)
    {
        var uri = UriArgument.Read(text);
        using var secret = uri.Secret;
        var picture = Draw(uri, output is null or Unchecked ? null : Path.GetExtension(output).ToUpperInvariant());
        if (output is null)
        {
            Show(Encoding.UTF8.GetString(picture).TrimEnd('\n').Split('\n'));
        }
        else if (output == Unchecked)
        {
            Console.Out.Write(Encoding.UTF8.GetString(picture));
        }
        else
        {
            Save(output, picture);
        }

        return 0;
    }

    private static byte[] Draw(ProvisioningUri uri, string? extension)
    {
        var renderer = new QrCodeRenderer();
        try
        {
            return extension switch
            {
                null => Encoding.UTF8.GetBytes(renderer.ToTerminal(uri)),
                ".PNG" => renderer.ToPng(uri),
                ".SVG" => Encoding.UTF8.GetBytes(renderer.ToSvg(uri)),
                _ => throw new InputException("--output must end in .png or .svg, or be '-'."),
            };
        }
        catch (ArgumentException)
        {
            throw new InputException("The URI is too long for a QR code.");
        }
    }

    // Set both colours: some apps cannot read a light code on a dark background.
    private static void Show(string[] lines)
    {
        if (Terminal.WhyNoPicture(lines[0].Length, lines.Length) is { } reason)
        {
            throw new InputException($"The QR code cannot be shown: {reason}. Use --output FILE.png or FILE.svg.");
        }

        foreach (var line in lines)
        {
            Terminal.Out.Write(new Text($"{line}\n", new Style(Color.Grey100, Color.Grey0)));
        }
    }

    private static void Save(string file, byte[] picture)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            // The picture contains the secret, so only the owner of the file may read it.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using var stream = new FileStream(file, options);
            stream.Write(picture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"--output cannot be written: {exception.Message}");
        }
    }
}
