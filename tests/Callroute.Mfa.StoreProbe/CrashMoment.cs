namespace Callroute.Mfa.StoreProbe;

/// <summary>The moment at which a process dies, relative to one call of the store.</summary>
public enum CrashMoment
{
    /// <summary>Before the call.</summary>
    Before,

    /// <summary>After the call was sent and before its answer.</summary>
    During,

    /// <summary>After the call.</summary>
    After,
}
