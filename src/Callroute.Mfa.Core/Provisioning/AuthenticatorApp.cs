namespace Callroute.Mfa.Provisioning;

/// <summary>Names an authenticator app whose limits are known.</summary>
public enum AuthenticatorApp
{
    /// <summary>Google Authenticator.</summary>
    Google,

    /// <summary>Microsoft Authenticator.</summary>
    Microsoft,

    /// <summary>Twilio Authy.</summary>
    Authy,

    /// <summary>KeePassXC.</summary>
    KeePassXC,
}
