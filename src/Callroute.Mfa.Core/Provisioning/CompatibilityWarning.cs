namespace Callroute.Mfa.Provisioning;

/// <summary>Says what an authenticator app does with a URI that it does not fully support.</summary>
/// <param name="App">The app.</param>
/// <param name="Message">One English sentence for developers; holds no secret.</param>
public sealed record CompatibilityWarning(AuthenticatorApp App, string Message);
