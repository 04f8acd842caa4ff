using System.CommandLine;
using Callroute.Mfa.Otp;

namespace Callroute.Mfa.OtpTool;

/// <summary><c>code</c>: prints the code for a time or a counter.</summary>
internal static class CodeVerb
{
    public static Command Create()
    {
        var options = new OtpOptions();
        var command = new Command("code", "Print a code.");
        options.AddTo(command);
        options.AddTimeTo(command);
        command.SetAction(result => Run(result, options));
        return command;
    }

    private static int Run(ParseResult result, OtpOptions options)
    {
        using var secret = options.ReadSecret(result);
        var code = options.ReadCounter(result) is { } counter
            ? Hotp.Generate(secret, options.ReadHotp(result), counter)
            : Totp.Generate(secret, options.ReadTotp(result), options.ReadTime(result));
        Console.Out.WriteLine(code);
        return 0;
    }
}
