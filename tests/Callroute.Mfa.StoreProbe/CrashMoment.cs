namespace Callroute.Mfa.StoreProbe;

/// <summary>When a process dies, seen from one call of the store.</summary>
public enum CrashMoment
{
    /// <summary>Before the call.</summary>
    Before,

    /// <summary>After the call was sent and before its answer.</summary>
    During,

    /// <summary>After the call.</summary>
    After,
}
