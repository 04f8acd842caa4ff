using System.CommandLine;
using Callroute.Mfa.Provisioning;

namespace Callroute.Mfa.OtpTool;

/// <summary>The provisioning URI that a verb takes as its argument.</summary>
internal static class UriArgument
{
    public static Argument<string> Create() => new("URI")
    {
        Description = $"An otpauth URI, read as authenticator apps read it. {SecretText.Sources}",
    };

    /// <summary>Reads the URI; the caller disposes its secret.</summary>
    public static ProvisioningUri Read(string text)
    {
        try
        {
            return ProvisioningUri.Parse(SecretText.Read(text, "URI"), lenient: true);
        }
        catch (FormatException exception)
        {
            throw new InputException(exception.Message);
        }
    }
}
