using System.Data.Common;
using System.Security.Cryptography;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.Redis;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Sql;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing;
using Callroute.Mfa.TestServers;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using Npgsql;
using StackExchange.Redis;

namespace Callroute.Mfa.Samples.Tests.OtpTool;

/// <summary>Records of one test on a real store, and the arguments that name it to the program.</summary>
internal sealed class ToolStore : IAsyncDisposable
{
    private readonly string _name = $"tool_{Guid.NewGuid():N}";
    private readonly string _folder = Directory.CreateTempSubdirectory("callroute-tool-").FullName;
    private readonly Dictionary<string, byte[]> _keys = new()
    {
        ["k1"] = RandomNumberGenerator.GetBytes(32),
        ["k2"] = RandomNumberGenerator.GetBytes(32),
    };

    private IAsyncDisposable? _connection;
    private IMfaStore? _store;

    /// <summary>Null for Redis.</summary>
    public DbDataSource? Database => _connection as DbDataSource;

    public string Table => _name;

    /// <summary>The options of every verb that needs a store.</summary>
    public string[] Arguments { get; private set; } = [];

    /// <summary>The options of the ring, whose active key is k2.</summary>
    public string[] Ring =>
        ["--active-key", "k2", .. _keys.SelectMany(key => new[] { "--key", $"{key.Key}={Convert.ToBase64String(key.Value)}" })];

    /// <summary>Opens a store without records; skips the test if its server is not installed.</summary>
    public static async Task<ToolStore> OpenAsync(string kind)
    {
        var why = kind switch
        {
            "postgresql" => SharedServers.WhyNoPostgreSql,
            "mariadb" => SharedServers.WhyNoMariaDb,
            "redis" => SharedServers.WhyNoRedis,
            _ => null,
        };
        Assert.SkipWhen(why is not null, why ?? string.Empty);
        var store = new ToolStore();
        await (kind == "redis" ? store.OpenRedisAsync() : store.OpenSqlAsync(kind));
        return store;
    }

    /// <summary>A service with one key only: it cannot open secrets that are under the other. Hashes cost nothing here.</summary>
    public MfaService ServiceOn(string key) => new(
        _store!,
        new AesGcmSecretProtector(new KeyRing(key, _keys.Where(k => k.Key == key).ToDictionary())),
        new Argon2RecoveryCodeHasher(memoryKib: 8, iterations: 1),
        new MfaOptions { Issuer = "Tool" });

    /// <summary>Enrols users under k1, and returns the phone of the last one.</summary>
    public async Task<VirtualAuthenticator> EnrolAsync(params IEnumerable<string> users)
    {
        var mfa = ServiceOn("k1");
        VirtualAuthenticator? phone = null;
        foreach (var user in users)
        {
            var offer = await mfa.BeginEnrollmentAsync(new(user), "ann@example.com", signedInAt: DateTimeOffset.UtcNow.AddSeconds(1));
            phone = VirtualAuthenticator.Scan(offer.Uri!.Reveal(), TimeProvider.System);
            Assert.True((await mfa.ConfirmEnrollmentAsync(new(user), offer.EnrollmentId, phone.GetCode())).Succeeded);
        }

        return phone!;
    }

    /// <summary>The users whose records a ring with only k2 opens.</summary>
    public async Task<List<string>> UnderTheNewKeyAsync() => await ServiceOn("k2").RotateKeysAsync()
        .Where(result => result.Failure is null).Select(result => result.Subject.UserId).Order().ToListAsync();

    public async Task ExecuteAsync(string statement)
    {
        await using var command = Database!.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _connection!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task OpenSqlAsync(string kind)
    {
        var (text, dialect) = kind switch
        {
            "postgresql" => (await SharedServers.PostgreSqlAsync(), SqlDialect.PostgreSql),
            "mariadb" => (await SharedServers.MariaDbAsync(), SqlDialect.MySql),
            _ => ($"Data Source={Path.Combine(_folder, "mfa.db")};Pooling=False", SqlDialect.Sqlite),
        };
        DbDataSource source = kind switch
        {
            "postgresql" => NpgsqlDataSource.Create(text),
            "mariadb" => new MySqlDataSource(text),
            _ => SqliteFactory.Instance.CreateDataSource(text),
        };
        var store = new SqlMfaStore(source, dialect, new SqlMfaStoreOptions { TableName = _name });
        await store.CreateTableAsync();
        (_connection, _store, Arguments) = (source, store, ["--store", kind, "--connection", text, "--table", _name]);
    }

    private async Task OpenRedisAsync()
    {
        var text = await SharedServers.RedisAsync();
        var connection = await ConnectionMultiplexer.ConnectAsync(text);
        var store = new RedisMfaStore(connection, new RedisMfaStoreOptions { KeyPrefix = _name });
        (_connection, _store, Arguments) = (connection, store, ["--store", "redis", "--connection", text, "--key-prefix", _name]);
    }
}
