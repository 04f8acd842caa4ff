namespace Callroute.Mfa.StoreProbe;

/// <summary>The flows during which a process dies.</summary>
public enum CrashFlow
{
    /// <summary>Signs in with a code of the app.</summary>
    Totp,

    /// <summary>Signs in with a recovery code.</summary>
    Recovery,

    /// <summary>Regenerates recovery codes.</summary>
    Regenerate,

    /// <summary>Acknowledges new recovery codes.</summary>
    Acknowledge,

    /// <summary>Binds an authenticator.</summary>
    Confirm,
}
