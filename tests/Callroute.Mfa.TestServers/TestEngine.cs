using Callroute.Mfa.Storage;

namespace Callroute.Mfa.TestServers;

/// <summary>A store on an engine: how to get a database, and how any process opens the store on it.</summary>
/// <param name="Name">What a child process is told.</param>
/// <param name="WhyMissing">Null where it can run, else the reason to skip with.</param>
/// <param name="ConnectAsync">Gives the connection string of a database that is there already, such as one server a test process.</param>
/// <param name="OpenAsync">Opens the store, with its table.</param>
public sealed record TestEngine(
    string Name, Func<string?> WhyMissing, Func<Task<string>> ConnectAsync, Func<string, Task<IMfaStore>> OpenAsync)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
