using Callroute.Mfa.Storage;

namespace Callroute.Mfa.TestServers;

/// <summary>A store on an engine, with functions to get a database and to open the store on it.</summary>
/// <param name="Name">The name that a child process gets.</param>
/// <param name="WhyMissing">Null if it can run, else the reason for skipping.</param>
/// <param name="ConnectAsync">
/// Returns the connection string of a database that exists already, for example on the one server of a test process.
/// </param>
/// <param name="OpenAsync">Opens the store, with its table.</param>
public sealed record TestEngine(
    string Name, Func<string?> WhyMissing, Func<Task<string>> ConnectAsync, Func<string, Task<IMfaStore>> OpenAsync)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
