using System.CommandLine;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Provisioning;

namespace Callroute.Mfa.OtpTool;

/// <summary><c>uri</c>: prints the provisioning URI of an account.</summary>
internal sealed class UriVerb
{
    private readonly Option<string> _issuer = new("--issuer") { Required = true, HelpName = "I", Description = "Who issues the account." };
    private readonly Option<string> _account = new("--account") { Required = true, HelpName = "A", Description = "The account's name." };
    private readonly OtpOptions _options = new();

    private UriVerb()
    {
    }

    public static Command Create()
    {
        var verb = new UriVerb();
        var command = new Command("uri", "Print a provisioning URI, which contains the secret.") { verb._issuer, verb._account };
        verb._options.AddTo(command);
        command.SetAction(verb.Run);
        return command;
    }

    private int Run(ParseResult result)
    {
        var totp = _options.ReadTotp(result);
        if (totp.T0 != DateTimeOffset.UnixEpoch)
        {
            throw new InputException("--t0 must be 0: a URI cannot contain another value.");
        }

        var uri = Reveal(result, totp);
        Output.PrintLine(result, uri, new Field("uri", uri));
        return 0;
    }

    private string Reveal(ParseResult result, TotpParameters totp)
    {
        var (issuer, account) = (result.GetRequiredValue(_issuer), result.GetRequiredValue(_account));
        using var secret = _options.ReadSecret(result);
        try
        {
            var uri = _options.ReadCounter(result) is { } counter
                ? ProvisioningUri.ForHotp(issuer, account, secret, _options.ReadHotp(result), counter)
                : ProvisioningUri.ForTotp(issuer, account, secret, totp);
            return uri.Reveal();
        }
        catch (ArgumentException exception) when (exception.ParamName is "issuer" or "accountName")
        {
            var (name, length) = exception.ParamName == "issuer" ? (_issuer.Name, 100) : (_account.Name, 200);
            throw new InputException(
                $"{name} must be 1 to {length} characters, without a colon, a control character, or a space at either end.");
        }
    }
}
