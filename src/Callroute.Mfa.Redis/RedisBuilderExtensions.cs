using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Callroute.Mfa.Redis;

/// <summary>Chooses the store of this package.</summary>
public static class RedisBuilderExtensions
{
    /// <summary>Keeps records in Redis or Redis Cluster. Read what it can lose without <see cref="RedisMfaStoreOptions.RequireDurable"/>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="redis">The connection, which stays the caller's.</param>
    /// <param name="options">The settings; the defaults where null.</param>
    /// <returns>The builder.</returns>
    public static IMfaBuilder UseRedis(this IMfaBuilder builder, IConnectionMultiplexer redis, RedisMfaStoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseStore(services => new RedisMfaStore(redis, options, (ILogger<RedisMfaStore>?)services.GetService(typeof(ILogger<RedisMfaStore>))));
    }
}
