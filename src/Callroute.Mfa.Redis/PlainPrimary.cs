using Callroute.Mfa.Storage;
using StackExchange.Redis;

namespace Callroute.Mfa.Redis;

/// <summary>Believes the server's reply. The driver finds the owner of the key and follows it when it moves.</summary>
internal sealed class PlainPrimary(IConnectionMultiplexer redis, ServerCheck check) : IPrimary
{
    private readonly IDatabase _database = redis.GetDatabase();

    private volatile bool _isChecked;

    public async Task<StoredRecord?> FindAsync(string key)
    {
        await CheckOnceAsync().ConfigureAwait(false);
        return RecordHash.Read(await _database.HashGetAsync(key, RecordHash.Fields, CommandFlags.DemandMaster).ConfigureAwait(false))?.Record;
    }

    public Task<bool> WriteAsync(string key, string expected, string version, byte[] document) =>
        RunAsync(Scripts.Swap, key, expected, version, document);

    public Task<bool> DeleteAsync(string key, string expected) => RunAsync(Scripts.Delete, key, expected);

    private async Task<bool> RunAsync(string script, string key, params RedisValue[] values)
    {
        await CheckOnceAsync().ConfigureAwait(false);
        return (bool)await _database.ScriptEvaluateAsync(script, [key], values, CommandFlags.DemandMaster).ConfigureAwait(false);
    }

    // Until a primary has been checked; callers that come first together may each check.
    private async ValueTask CheckOnceAsync()
    {
        if (!_isChecked)
        {
            _isChecked = (await check.CheckAllAsync().ConfigureAwait(false)).IsComplete;
        }
    }
}
