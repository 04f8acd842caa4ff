namespace Callroute.Mfa.Reliability.Cluster;

/// <summary>Starts and asks Redis servers.</summary>
internal static class Redis
{
    public const int Port = 6379;

    /// <summary>Starts a server that fsyncs its append-only file before every reply.</summary>
    public static void Start(Machine server, string settings) =>
        StartProgram(server, "redis-server", Port, $"save \"\"; appendonly yes; appendfsync always; {settings}");

    /// <summary>Starts <c>redis-server</c> or <c>redis-sentinel</c> with a configuration that it may rewrite.</summary>
    public static void StartProgram(Machine server, string program, int port, string settings) => server.Start("redis", [
        program,
        server.Configure($"{program}.conf", $"port {port}; bind 0.0.0.0; protected-mode no; dir {server.Folder}; {settings}"),
    ]);

    /// <summary>Runs a command on a server; null if it does not answer.</summary>
    public static Task<string?> AskAsync(Machine server, string command, int port = Port) =>
        server.AskAsync(["redis-cli", "-p", $"{port}", .. command.Split(' ')]);

    /// <summary>True if the server says that it is a primary.</summary>
    public static async Task<bool> IsPrimaryAsync(Machine server) =>
        (await AskAsync(server, "ROLE"))?.StartsWith("master", StringComparison.Ordinal) == true;

    /// <summary>How many replicas of a primary have all of its data.</summary>
    public static async Task<int> CountReplicasAsync(Machine primary) =>
        (await AskAsync(primary, "INFO replication"))?.Split("state=online").Length - 1 ?? 0;
}
