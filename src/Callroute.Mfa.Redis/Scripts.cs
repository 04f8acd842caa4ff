namespace Callroute.Mfa.Redis;

/// <summary>The programs that the server runs, each atomic on one key.</summary>
internal static class Scripts
{
    // Changes nothing, but is a write: what a primary that became a replica holds may be old, so it must refuse and not answer.
    // Never before what takes memory: the server refuses that with full memory only where nothing was written before.
    private const string OnPrimary = """
        redis.call('HDEL', KEYS[1], '')

        """;

    /// <summary>Expected version (empty: none), new version, new document: 1 when written.</summary>
    public const string Swap = """
        if (redis.call('HGET', KEYS[1], 'v') or '') ~= ARGV[1] then redis.call('HDEL', KEYS[1], '') return 0 end
        redis.call('HSET', KEYS[1], 'v', ARGV[2], 'd', ARGV[3])
        return 1
        """;

    /// <summary>Expected version: 1 when deleted.</summary>
    public const string Delete = """
        if redis.call('HGET', KEYS[1], 'v') ~= ARGV[1] then redis.call('HDEL', KEYS[1], '') return 0 end
        redis.call('DEL', KEYS[1])
        return 1
        """;

    /// <summary>Version: notes that it was confirmed as durable, where it still stands.</summary>
    public const string Mark = """
        if redis.call('HGET', KEYS[1], 'v') == ARGV[1] then redis.call('HSET', KEYS[1], 'c', ARGV[1]) end
        return 1
        """;

    /// <summary>Reads version and document.</summary>
    public const string Find = OnPrimary + """
        return redis.call('HMGET', KEYS[1], 'v', 'd')
        """;

    /// <summary>
    /// Reads version, document and confirmed version. A version that was not confirmed is written once more, so that the
    /// confirmation that follows on this connection is about it; so is the absence of a record, where the argument is 1.
    /// (Redis 7.0 confirms whatever came before on the server; what is documented is the connection's own writes.)
    /// </summary>
    public const string FindAndTouch = OnPrimary + """
        local found = redis.call('HMGET', KEYS[1], 'v', 'd', 'c')
        if found[1] then
          if found[1] ~= found[3] then redis.call('HSET', KEYS[1], 'v', found[1]) end
        elseif ARGV[1] == '1' and not found[2] then
          redis.call('HSET', KEYS[1], 'v', '')
          redis.call('DEL', KEYS[1])
        end
        return found
        """;
}
