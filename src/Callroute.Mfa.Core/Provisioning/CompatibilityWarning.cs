namespace Callroute.Mfa.Provisioning;

/// <summary>Describes how an authenticator app handles a URI that it does not fully support.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class CompatibilityWarning
{
    internal CompatibilityWarning(AuthenticatorApp app, string message) =>
        (App, Message) = (app, message);

    /// <summary>The app.</summary>
    public AuthenticatorApp App { get; }

    /// <summary>One English sentence for developers, without the secret.</summary>
    public string Message { get; }
}
