namespace Callroute.Mfa.TestServers;

/// <summary>A separate Redis server.</summary>
public sealed class RedisServer : TestServer
{
    internal static readonly string? Client = FindProgram("redis-cli");

    private static readonly string? Server = FindProgram("redis-server");

    private readonly string[] _settings;

    private RedisServer(string[] settings)
        : base("redis") => _settings = settings;

    /// <summary>Null if it can run, else the reason for skipping.</summary>
    public static string? WhyMissing => WhyMissingAny("redis-server", Server, Client);

    /// <inheritdoc/>
    public override string ConnectionString => $"127.0.0.1:{Port}";

    private protected override string[] Command =>
        [Server!, "--bind", "127.0.0.1", "--port", $"{Port}", "--dir", Folder, "--save", string.Empty, .. _settings];

    /// <summary>Starts a server that fsyncs its append-only file before every reply, unless the settings say otherwise.</summary>
    /// <param name="settings">More arguments of its command line, such as <c>--maxmemory-policy noeviction</c>.</param>
    public static async Task<RedisServer> StartNewAsync(params string[] settings)
    {
        var server = new RedisServer(["--appendonly", "yes", "--appendfsync", "always", .. settings]);
        await server.StartAsync();
        return server;
    }

    /// <summary>Runs a command with <c>redis-cli</c> and returns its output.</summary>
    public string Execute(params string[] command) => ServerProcess.Run(Client!, ["-h", "127.0.0.1", "-p", $"{Port}", .. command]).Trim();

    private protected override Task<bool> AnswersAsync()
    {
        try
        {
            return Task.FromResult(Execute("PING") == "PONG");
        }
        catch (InvalidOperationException)
        {
            return Task.FromResult(false);
        }
    }
}
