using System.CommandLine;
using System.Text.Json;
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
        command.SetAction(result => Run(result.GetRequiredValue(text), result.GetValue(showSecret)));
        return command;
    }

    private static int Run(string text, bool showSecret)
    {
        var uri = UriArgument.Read(text);
        using var secret = uri.Secret;
        JsonLine.Print(json =>
        {
            WriteAccount(json, uri);
            if (showSecret)
            {
                json.WriteString("secret", secret.RevealBase32());
            }

            WriteWarnings(json, uri);
        });
        return 0;
    }

    private static void WriteAccount(Utf8JsonWriter json, ProvisioningUri uri)
    {
        json.WriteString("type", uri.Totp is not null ? "totp" : "hotp");
        json.WriteString("issuer", uri.Issuer);
        json.WriteString("account", uri.AccountName);
        json.WriteString("algorithm", NameOf(uri.Totp?.Algorithm ?? uri.Hotp!.Algorithm));
        json.WriteNumber("digits", uri.Totp?.Digits ?? uri.Hotp!.Digits);
        if (uri.Totp is { } totp)
        {
            json.WriteNumber("period", (int)totp.Period.TotalSeconds);
        }
        else
        {
            json.WriteNumber("counter", uri.Counter);
        }
    }

    private static void WriteWarnings(Utf8JsonWriter json, ProvisioningUri uri)
    {
        json.WriteStartArray("warnings");
        foreach (var warning in AuthenticatorApps.GetWarnings(uri))
        {
            json.WriteStringValue($"{warning.App}: {warning.Message}");
        }

        json.WriteEndArray();
    }

    private static string NameOf(OtpAlgorithm algorithm) => algorithm.ToString().ToUpperInvariant();
}
