using System.CommandLine;
using Callroute.Mfa.Provisioning;

namespace Callroute.Mfa.OtpTool;

/// <summary>The provisioning URI that a verb takes as its argument.</summary>
internal static class UriArgument
{
    public static Argument<string> Create() => new("URI") { Description = "An otpauth URI." };

    /// <summary>Parses the URI. The caller disposes its secret.</summary>
    public static ProvisioningUri Read(string text) =>
        ProvisioningUri.TryParse(text, out var uri, out var error) ? uri : throw new InputException($"The URI is refused: {error}.");
}
