namespace Callroute.Mfa.StoreProbe;

/// <summary>The calls that are raced.</summary>
public enum RaceWork
{
    /// <summary>Verifies a response.</summary>
    Verify,

    /// <summary>Regenerates recovery codes with a receipt as proof.</summary>
    Regenerate,
}
