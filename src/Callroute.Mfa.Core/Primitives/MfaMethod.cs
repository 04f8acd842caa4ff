namespace Callroute.Mfa;

/// <summary>Names the way in which a user was verified.</summary>
public enum MfaMethod
{
    /// <summary>A code of an authenticator app.</summary>
    Totp,

    /// <summary>A recovery code.</summary>
    RecoveryCode,
}
