using Callroute.Mfa.AspNetCore;
using Callroute.Mfa.Packages.Tests.Docs.Snippets;
using Callroute.Mfa.Redis;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing;
using Callroute.Mfa.TestServers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using static Callroute.Mfa.Packages.Tests.Docs.Setting;

namespace Callroute.Mfa.Packages.Tests.Docs;

/// <summary>Runs the code of the pages about stores.</summary>
public sealed class StoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("callroute-docs-").FullName;

    private string ConnectionString => $"Data Source={_folder}/mfa.db";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sql_SetUp_IsAStore() => await AssertKeepsAsync(await Stores.SqlAsync(ConnectionString));

    [Fact]
    public async Task EntityFramework_SetUp_IsAStore()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        await using var app = await Stores.EntityFrameworkAsync(builder, ConnectionString, CreateTableAsync);

        await AssertKeepsAsync(app.Services.GetRequiredService<IMfaStore>());
    }

    [Fact]
    public async Task Web_SetUp_KeepsRecordsAndKeysOverARestart()
    {
        await using var first = await WebAsync();
        var mfa = first.Services.GetRequiredService<MfaService>();
        var offer = await mfa.BeginEnrollmentAsync(new MfaSubject("ann"), "ann@example.com", cancellationToken: Token);
        using var phone = VirtualAuthenticator.Scan(offer.Uri!.Reveal(), TimeProvider.System);
        var now = DateTimeOffset.UtcNow;
        await mfa.ConfirmEnrollmentAsync(new MfaSubject("ann"), offer.EnrollmentId, phone.GetCodeAt(now), Token);

        await using var second = await WebAsync();
        var restarted = second.Services.GetRequiredService<MfaService>();
        var result = await restarted.VerifyAsync(
            new MfaSubject("ann"), phone.GetCodeAt(now.AddSeconds(30)), restarted.BeginAttempt(), cancellationToken: Token);

        Assert.True(result.Succeeded, $"{result}: {result.Cause}");
    }

    [Fact]
    public void EntityFramework_Migrations_AreLookedForInTheApplication()
    {
        var options = Stores.MigrationsElsewhere(new DbContextOptionsBuilder(), ConnectionString);

        Assert.Equal("MyApplication", RelationalOptionsExtension.Extract(options).MigrationsAssembly);
    }

    [Fact]
    public async Task Redis_SetUp_WarnsThatADurableStoreNeedsMore()
    {
        Assert.SkipWhen(SharedServers.WhyNoRedis is not null, SharedServers.WhyNoRedis ?? string.Empty);

        var (store, warnings) = await Stores.RedisAsync(await SharedServers.RedisAsync(), NullLogger<RedisMfaStore>.Instance);

        Assert.NotEmpty(warnings);
        // One server has no replica to confirm a write.
        await Assert.ThrowsAnyAsync<Exception>(() => AssertKeepsAsync(store));
    }

    [Fact]
    public async Task Faults_AtEveryCallOfASignIn_LetACodeInOnceAtMost()
    {
        var answers = new List<bool>();

        var calls = await Faults.RunAsync(
            async store =>
            {
                var setting = new Setting(store: store);
                return (setting, (await setting.EnrollAsync()).Phone.GetCode());
            },
            async (_, user) =>
            {
                var (setting, code) = user;
                var results = new[] { await setting.VerifyAsync(code), await setting.VerifyAsync(code) };
                Assert.InRange(results.Count(result => result.Succeeded), 0, 1);
                answers.Add(results[0].Succeeded);
            });

        Assert.InRange(calls, 3, 10);
        Assert.Contains(false, answers);
        Assert.True(answers[^1]);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<WebApplication> WebAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IMfaUsers, NoUsers>();
        return await Stores.WebAsync(builder, _folder);
    }

    private static async Task AssertKeepsAsync(IMfaStore store)
    {
        var version = Guid.NewGuid();
        Assert.True(await store.TryWriteAsync(Alice, "{}"u8.ToArray(), version, null, Token));
        Assert.Equal(version, (await store.FindAsync(Alice, Token))?.Version);
    }

    private static async Task CreateTableAsync(IServiceProvider services)
    {
        var contexts = services.GetRequiredService<IDbContextFactory<Stores.AppDbContext>>();
        await using var context = await contexts.CreateDbContextAsync(Token);
        await context.Database.EnsureCreatedAsync(Token);
    }

    private sealed class NoUsers : IMfaUsers
    {
        public ValueTask<MfaUser?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) => new((MfaUser?)null);

        public ValueTask SetEnrolledAsync(MfaSubject subject, bool isEnrolled, CancellationToken cancellationToken = default) => default;
    }
}
