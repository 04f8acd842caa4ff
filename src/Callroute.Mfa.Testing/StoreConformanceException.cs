namespace Callroute.Mfa.Testing;

/// <summary>Tells which promise a store broke, and how.</summary>
public sealed class StoreConformanceException : Exception
{
    internal StoreConformanceException(StoreConformanceCase broken, string how, Exception? cause = null)
        : base($"{broken.Name}: {broken.Promise} {how}", cause) => CaseName = broken.Name;

    /// <summary>The name of the case that failed.</summary>
    public string CaseName { get; }
}
