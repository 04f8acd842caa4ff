using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Records;

/// <summary>An authenticator with its secret in clear, for the time of one decision.</summary>
internal sealed class OpenedAuthenticator(AuthenticatorRecord authenticator, SharedSecret secret) : IDisposable
{
    public AuthenticatorRecord Authenticator => authenticator;

    public SharedSecret Secret => secret;

    public void Dispose() => secret.Dispose();
}
