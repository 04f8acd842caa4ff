using System.CommandLine;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Provisioning;

namespace Callroute.Mfa.OtpTool;

/// <summary><c>parse</c>: prints the content of a provisioning URI and the parts that apps ignore.</summary>
internal static class ParseVerb
{
    public static Command Create()
    {
        var text = UriArgument.Create();
        var showSecret = new Option<bool>("--show-secret") { Description = "Print the secret too." };
        var command = new Command("parse", "Explain a provisioning URI.") { text, showSecret };
        command.SetAction(result => Run(result, result.GetRequiredValue(text), result.GetValue(showSecret)));
        return command;
    }

    private static int Run(ParseResult result, string text, bool showSecret)
    {
        var uri = UriArgument.Read(text);
        using var secret = uri.Secret;
        var warnings = AuthenticatorApps.GetWarnings(uri).Select(warning => $"{warning.App}: {warning.Message}");
        Output.Print(
            result,
            [
                new("type", uri.Totp is not null ? "totp" : "hotp"),
                new("issuer", uri.Issuer),
                new("account", uri.AccountName),
                new("algorithm", NameOf(uri.Totp?.Algorithm ?? uri.Hotp!.Algorithm)),
                new("digits", uri.Totp?.Digits ?? uri.Hotp!.Digits),
                uri.Totp is { } totp ? new("period", (int)totp.Period.TotalSeconds) : new("counter", uri.Counter),
                .. showSecret ? [new Field("secret", secret.RevealBase32())] : Array.Empty<Field>(),
                new("warnings", warnings),
            ]);
        return 0;
    }

    private static string NameOf(OtpAlgorithm algorithm) => algorithm.ToString().ToUpperInvariant();
}
