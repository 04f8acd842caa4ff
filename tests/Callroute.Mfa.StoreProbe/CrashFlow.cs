namespace Callroute.Mfa.StoreProbe;

/// <summary>The flows that a process dies in.</summary>
public enum CrashFlow
{
    /// <summary>Signs in with a code of the app.</summary>
    Totp,

    /// <summary>Signs in with a recovery code.</summary>
    Recovery,

    /// <summary>Makes new recovery codes.</summary>
    Regenerate,

    /// <summary>Notes that new recovery codes were saved.</summary>
    Acknowledge,

    /// <summary>Binds an authenticator.</summary>
    Confirm,
}
