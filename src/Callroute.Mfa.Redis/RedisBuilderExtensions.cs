using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Callroute.Mfa.Redis;

/// <summary>Registers the Redis store.</summary>
public static class RedisBuilderExtensions
{
    /// <summary>Stores records in Redis or Redis Cluster.</summary>
    /// <remarks>Without <see cref="RedisMfaStoreOptions.RequireDurable"/> the store can lose records and forget used codes.</remarks>
    /// <param name="builder">The builder.</param>
    /// <param name="redis">The connection. The caller owns and disposes it.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IMfaBuilder UseRedis(this IMfaBuilder builder, IConnectionMultiplexer redis, RedisMfaStoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseStore(services => new RedisMfaStore(
            redis, options, (ILogger<RedisMfaStore>?)services.GetService(typeof(ILogger<RedisMfaStore>))));
    }
}
