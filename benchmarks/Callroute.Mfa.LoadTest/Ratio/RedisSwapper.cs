using StackExchange.Redis;

namespace Callroute.Mfa.LoadTest.Ratio;

/// <summary>StackExchange.Redis by hand, with HMGET and one script.</summary>
internal sealed class RedisSwapper(IDatabase database) : ISwapper
{
    private const string Script = """
        if redis.call('HGET', KEYS[1], 'v') ~= ARGV[1] then return 0 end
        redis.call('HSET', KEYS[1], 'v', ARGV[2], 'd', ARGV[3])
        return 1
        """;

    private static readonly RedisValue[] Fields = ["v", "d"];

    public async Task<bool> SwapAsync(string user, byte[] document, Guid next)
    {
        RedisKey key = $"callroute:mfa:{{u:{user}}}";
        var found = await database.HashGetAsync(key, Fields);
        return (bool)await database.ScriptEvaluateAsync(Script, [key], [(string)found[0]!, next.ToString("N"), document]);
    }
}
