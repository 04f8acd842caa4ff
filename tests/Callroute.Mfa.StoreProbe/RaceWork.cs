namespace Callroute.Mfa.StoreProbe;

/// <summary>The calls that are raced.</summary>
public enum RaceWork
{
    /// <summary>Verifies a response.</summary>
    Verify,

    /// <summary>Makes new recovery codes with a receipt.</summary>
    Regenerate,
}
