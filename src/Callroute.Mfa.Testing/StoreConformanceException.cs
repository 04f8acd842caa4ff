namespace Callroute.Mfa.Testing;

/// <summary>The exception that is thrown when a store breaks a requirement. The message names the requirement and the failure.</summary>
public sealed class StoreConformanceException : Exception
{
    internal StoreConformanceException(StoreConformanceCase broken, string how, Exception? cause = null)
        : base($"{broken.Name}: {broken.Promise} {how}", cause) => CaseName = broken.Name;

    /// <summary>The name of the case that failed.</summary>
    public string CaseName { get; }
}
