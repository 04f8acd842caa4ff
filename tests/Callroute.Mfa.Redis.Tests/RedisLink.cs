using Callroute.Mfa.TestServers;
using StackExchange.Redis;

namespace Callroute.Mfa.Redis.Tests;

/// <summary>Connects as the documentation recommends, with time-outs that are long enough for a busy machine.</summary>
internal static class RedisLink
{
    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<ConnectionMultiplexer> ConnectAsync(string connectionString, Action<ConfigurationOptions>? change = null)
    {
        var options = ConfigurationOptions.Parse(connectionString);
        options.AbortOnConnectFail = false;
        (options.ConnectTimeout, options.AsyncTimeout) = (30_000, 30_000);
        options.ConfigCheckSeconds = 1;
        options.ReconnectRetryPolicy = new LinearRetry(100);
        change?.Invoke(options);
        return await ConnectionMultiplexer.ConnectAsync(options);
    }

    public static Task<ConnectionMultiplexer> ConnectAsync(params RedisServer[] servers) =>
        ConnectAsync(string.Join(',', servers.Select(server => server.ConnectionString)));

    /// <summary>Connects to a server that hangs or is away in the test.</summary>
    public static Task<ConnectionMultiplexer> ConnectImpatientlyAsync(RedisServer server) =>
        ConnectAsync(server.ConnectionString, options => (options.ConnectTimeout, options.AsyncTimeout) = (1000, 3000));

    /// <summary>Starts a server. If it cannot run here, skips the test with the reason.</summary>
    public static async Task<RedisServer> StartAsync(params string[] settings)
    {
        Assert.SkipUnless(RedisServer.WhyMissing is null, RedisServer.WhyMissing ?? string.Empty);
        return await RedisServer.StartNewAsync(settings);
    }

    /// <summary>Tries until the call no longer throws.</summary>
    public static async Task UntilWorksAsync(Func<Task> run)
    {
        await UntilAsync(async () =>
        {
            try
            {
                await run();
                return true;
            }
            catch (Exception fault) when (fault is RedisException or TimeoutException or InvalidOperationException or IOException)
            {
                return false;
            }
        });
    }
}
