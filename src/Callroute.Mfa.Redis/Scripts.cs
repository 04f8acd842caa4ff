namespace Callroute.Mfa.Redis;

/// <summary>The Lua scripts that the server runs. Each is atomic and uses one key.</summary>
internal static class Scripts
{
    // This changes nothing, but it is a write command. A replica refuses it, so that a former primary cannot return old data. Do not run it
    // before a command that needs memory: with full memory the server refuses that command only if the script has written nothing before.
    private const string OnPrimary = """
        redis.call('HDEL', KEYS[1], '')

        """;

    /// <summary>Arguments: expected version (empty for none), new version, new document. Returns 1 if written, else 0.</summary>
    public const string Swap = """
        if (redis.call('HGET', KEYS[1], 'v') or '') ~= ARGV[1] then redis.call('HDEL', KEYS[1], '') return 0 end
        redis.call('HSET', KEYS[1], 'v', ARGV[2], 'd', ARGV[3])
        return 1
        """;

    /// <summary>Argument: expected version. Returns 1 if deleted, else 0.</summary>
    public const string Delete = """
        if redis.call('HGET', KEYS[1], 'v') ~= ARGV[1] then redis.call('HDEL', KEYS[1], '') return 0 end
        redis.call('DEL', KEYS[1])
        return 1
        """;

    /// <summary>Argument: version. Marks it as confirmed if it is still the stored version.</summary>
    public const string Mark = """
        if redis.call('HGET', KEYS[1], 'v') == ARGV[1] then redis.call('HSET', KEYS[1], 'c', ARGV[1]) end
        return 1
        """;

    /// <summary>Returns the version and the document.</summary>
    public const string Find = OnPrimary + """
        return redis.call('HMGET', KEYS[1], 'v', 'd')
        """;

    /// <summary>Returns the version, the document and the confirmed version, and rewrites an unconfirmed version.</summary>
    /// <remarks>
    /// The rewrite makes the next confirmation on this connection cover the version. If the argument is 1 and there is no record, the
    /// script writes and deletes the key for the same reason. (Redis 7.0 confirms all earlier writes of the server, but documents only
    /// those of the connection.)
    /// </remarks>
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
