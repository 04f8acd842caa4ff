namespace Callroute.Mfa.Reliability.Cluster;

/// <summary>Starts and asks Redis servers.</summary>
internal static class Redis
{
    public const int Port = 6379;

    /// <summary>Starts a server that fsyncs its append-only file before every reply.</summary>
    public static void Start(Machine server, string settings) =>
        StartProgram(server, "redis-server", $"""
            port {Port}
            bind 0.0.0.0
            protected-mode no
            dir {server.Folder}
            save ""
            appendonly yes
            appendfsync always
            {settings}
            """);

    /// <summary>Starts <c>redis-server</c> or <c>redis-sentinel</c> with a configuration that it may rewrite.</summary>
    public static void StartProgram(Machine server, string program, string settings) =>
        server.Start(new Daemon(program, "redis", program, server.Write($"{program}.conf", settings)));

    /// <summary>Runs a command on a server; null if it does not answer.</summary>
    public static Task<string?> AskAsync(Machine server, int port, string command, CancellationToken cancellationToken) =>
        Shell.AskAsync(server.On(["redis-cli", "-p", $"{port}", .. command.Split(' ')]), cancellationToken);

    /// <summary>True if the server says that it is a primary.</summary>
    public static async Task<bool> IsPrimaryAsync(Machine server, CancellationToken cancellationToken) =>
        await AskAsync(server, Port, "ROLE", cancellationToken) is { } role && role.StartsWith("master", StringComparison.Ordinal);

    /// <summary>How many replicas of a primary have all of its data.</summary>
    public static async Task<int> CountReplicasAsync(Machine primary, CancellationToken cancellationToken) =>
        (await AskAsync(primary, Port, "INFO replication", cancellationToken))?.Split("state=online").Length - 1 ?? 0;
}
