using Callroute.Mfa.Storage;
using StackExchange.Redis;

namespace Callroute.Mfa.Redis;

/// <summary>Takes the server's reply as the acknowledgement. The driver finds the owner of the key and follows redirects.</summary>
internal sealed class PlainPrimary(IConnectionMultiplexer redis, ServerCheck check) : IPrimary
{
    private readonly IDatabase _database = redis.GetDatabase();

    private volatile bool _isChecked;

    public async Task<StoredRecord?> FindAsync(string key)
    {
        var values = (RedisValue[])(await RunAsync(Scripts.Find, key).ConfigureAwait(false))!;
        return RecordHash.Read(values)?.Record;
    }

    public async Task<bool> WriteAsync(string key, string expected, string version, byte[] document) =>
        (bool)await RunAsync(Scripts.Swap, key, expected, version, document).ConfigureAwait(false);

    public async Task<bool> DeleteAsync(string key, string expected) =>
        (bool)await RunAsync(Scripts.Delete, key, expected).ConfigureAwait(false);

    private async Task<RedisResult> RunAsync(string script, string key, params RedisValue[] values)
    {
        await CheckOnceAsync().ConfigureAwait(false);
        check.RefuseSeveralPrimaries();
        return await _database.ScriptEvaluateAsync(script, [key], values, CommandFlags.DemandMaster).ConfigureAwait(false);
    }

    // Check until a primary has been reached. Several first callers may check at the same time.
    private async ValueTask CheckOnceAsync()
    {
        if (!_isChecked)
        {
            _isChecked = (await check.CheckAllAsync().ConfigureAwait(false)).IsComplete;
        }
    }
}
