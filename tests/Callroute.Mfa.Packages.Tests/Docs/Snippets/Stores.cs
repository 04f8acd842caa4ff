using Callroute.Mfa.Argon2;
using Callroute.Mfa.AspNetCore;
using Callroute.Mfa.EntityFrameworkCore;
using Callroute.Mfa.Redis;
using Callroute.Mfa.Sql;
using Callroute.Mfa.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Callroute.Mfa.Packages.Tests.Docs.Snippets;

internal static class Stores
{
    public static async Task<SqlMfaStore> SqlAsync(string connectionString)
    {
        // <sql>
        var source = SqliteFactory.Instance.CreateDataSource(connectionString);   // or NpgsqlDataSource.Create(…), new MySqlDataSource(…)
        var store = new SqlMfaStore(source, SqlDialect.Sqlite);                   // one per application
        await store.CreateTableAsync();                                           // or run the statement below in a migration
        // </sql>
        return store;
    }

    public static async Task<WebApplication> WebAsync(WebApplicationBuilder builder, string folder)
    {
        // <web>
        // Before AddCallrouteMfa.
        var database = SqliteFactory.Instance.CreateDataSource($"Data Source={folder}/mfa.db");
        builder.Services.AddDataProtection()
            .PersistKeysToFileSystem(new DirectoryInfo($"{folder}/keys")).SetApplicationName("My application");
        // </web>
        builder.Services.AddCallrouteMfa(mfa => mfa.Issuer = "My application")
            .UseDataProtection().UseArgon2().UseSql(database, SqlDialect.Sqlite);
        var app = builder.Build();
        // <web-table>
        // After Build. In production, let a migration create the table.
        await new SqlMfaStore(database, SqlDialect.Sqlite).CreateTableAsync();
        // </web-table>
        return app;
    }

    public static async Task<(RedisMfaStore Store, IReadOnlyList<string> Warnings)> RedisAsync(
        string connectionString, ILogger<RedisMfaStore> logger)
    {
        // <redis>
        var settings = ConfigurationOptions.Parse(connectionString);      // such as "redis-1:6379,redis-2:6379"
        settings.AbortOnConnectFail = false;                              // start even if a server is unreachable
        var redis = await ConnectionMultiplexer.ConnectAsync(settings);   // for this store only: see RequireDurable

        var store = new RedisMfaStore(redis, new RedisMfaStoreOptions { RequireDurable = true }, logger);   // one per application
        var warnings = await store.CheckAsync();                          // optional: finds problems before the first sign-in
        // </redis>
        return (store, warnings);
    }

    public static async Task<WebApplication> EntityFrameworkAsync(
        WebApplicationBuilder builder, string connectionString, Func<IServiceProvider, Task> migrateAsync)
    {
        // <ef>
        builder.Services.AddPooledDbContextFactory<AppDbContext>(options => options.UseSqlite(connectionString));   // or UseNpgsql, …
        builder.Services.AddSingleton<EntityFrameworkMfaStore<AppDbContext>>();
        builder.Services.AddSingleton<IMfaStore>(services => services.GetRequiredService<EntityFrameworkMfaStore<AppDbContext>>());
        // </ef>
        var app = builder.Build();
        await migrateAsync(app.Services);
        // <ef-check>
        await app.Services.GetRequiredService<EntityFrameworkMfaStore<AppDbContext>>().CheckTableAsync();
        // </ef-check>
        return app;
    }

    public static DbContextOptions MigrationsElsewhere(DbContextOptionsBuilder options, string connectionString)
    {
        // <ef-migrations>
        options.UseSqlite(connectionString, sqlite => sqlite.MigrationsAssembly("MyApplication"));
        // </ef-migrations>
        return options.Options;
    }

    // <ef-context>
    public sealed class AppDbContext(DbContextOptions<AppDbContext> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddCallrouteMfa(Database);
    }
    // </ef-context>
}
