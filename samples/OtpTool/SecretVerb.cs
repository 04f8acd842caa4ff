using System.CommandLine;
using Callroute.Mfa.Otp;

namespace Callroute.Mfa.OtpTool;

/// <summary><c>secret</c>: prints a new shared secret.</summary>
internal static class SecretVerb
{
    public static Command Create()
    {
        var algorithm = OtpOptions.CreateAlgorithm();
        var size = NumberOption.Create("--bytes", 16, 128, "N", "Its size, 16 to 128; the length of the hash by default: 20, 32 or 64.");
        var command = new Command("secret", "Print a new shared secret in Base32.") { algorithm, size };
        command.SetAction(result => Run(result, result.GetValue(algorithm), (int?)result.GetValue(size)));
        return command;
    }

    private static int Run(ParseResult result, OtpAlgorithm algorithm, int? size)
    {
        using var secret = SharedSecret.Generate(algorithm, size);
        Output.PrintLine(result, secret.RevealBase32(), new Field("secret", secret.RevealBase32()));
        return 0;
    }
}
