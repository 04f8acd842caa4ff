using Callroute.Mfa.TestServers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;
using static Callroute.Mfa.EntityFrameworkCore.Tests.Database;

namespace Callroute.Mfa.EntityFrameworkCore.Tests;

/// <summary>What is wrong with a database is said clearly, verifies nobody, and is over once it is mended.</summary>
public sealed class FailureTests
{
    private const string Password = "canary-password-7f3a";

    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(Database))]
    public async Task CheckTableAsync_TableIsThere_IsSilentAndWritesNothing(string kind)
    {
        await using var database = await WithTableAsync(kind);

        await database.Store().CheckTableAsync(Token);

        Assert.Equal(["0"], await database.QueryAsync("""SELECT CAST(COUNT(*) AS text) AS "Value" FROM callroute_mfa"""));
    }

    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(Database))]
    public async Task Store_MissingTable_IsAClearErrorAndRecovers(string kind)
    {
        await using var database = await WithTableAsync(kind);

        await IsUnavailableUntilMendedAsync(
            database,
            () => database.ExecuteAsync("ALTER TABLE callroute_mfa RENAME TO elsewhere"),
            () => database.ExecuteAsync("ALTER TABLE elsewhere RENAME TO callroute_mfa"));
    }

    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(Database))]
    public async Task Store_TableWithoutAColumn_IsAClearErrorAndRecovers(string kind)
    {
        await using var database = await WithTableAsync(kind);

        await IsUnavailableUntilMendedAsync(
            database,
            () => database.ExecuteAsync("ALTER TABLE callroute_mfa RENAME COLUMN version TO old_version"),
            () => database.ExecuteAsync("ALTER TABLE callroute_mfa RENAME COLUMN old_version TO version"));
    }

    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(Database))]
    public async Task TryWriteAsync_TableWithoutAKey_CreatesNothing(string kind)
    {
        await using var database = await NewAsync(kind);
        var blob = kind == Sqlite ? "BLOB" : "bytea";
        await database.ExecuteAsync($"CREATE TABLE callroute_mfa (tenant text NOT NULL, user_id text NOT NULL, version text NOT NULL, document {blob} NOT NULL)");
        var person = new Person(database.Store());

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(person.EnrollAsync);

        Assert.Null(await database.Store().FindAsync(person.User, Token));
    }

    [Theory]
    [InlineData(Sqlite, "Data Source=/nowhere/at/all/mfa.db;Mode=ReadWrite;Password=" + Password)]
    [InlineData(PostgreSql, "Host=127.0.0.1;Port=1;Username=nobody;Timeout=1;Password=" + Password)]
    public async Task Store_BadConnectionString_IsAClearErrorWithoutThePassword(string kind, string connectionString)
    {
        var builder = new DbContextOptionsBuilder<MfaDbContext>();
        _ = kind == Sqlite ? builder.UseSqlite(connectionString) : builder.UseNpgsql(connectionString);
        var store = new EntityFrameworkMfaStore<MfaDbContext>(new PooledDbContextFactory<MfaDbContext>(builder.Options));

        var checkedAtStart = await Assert.ThrowsAsync<InvalidOperationException>(() => store.CheckTableAsync(Token));
        var result = await new Person(store).VerifyAsync("123456");

        Assert.StartsWith("The database of MfaDbContext cannot be opened", checkedAtStart.Message, StringComparison.Ordinal);
        Assert.Equal(RefusalReason.Unavailable, result.Reason);
        Assert.DoesNotContain(Password, checkedAtStart.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Password, result.Cause!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_ModelWithoutTheTable_IsRefusedWithTheRemedy()
    {
        var store = new EntityFrameworkMfaStore<UnmappedContext>(new PooledDbContextFactory<UnmappedContext>(new DbContextOptionsBuilder<UnmappedContext>().UseSqlite("Data Source=:memory:").Options));

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(async () => await store.FindAsync(new MfaSubject("Ann"), Token));

        Assert.Contains("AddCallrouteMfa(Database)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VerifyAsync_ServerKilledAndStartedAgain_IsUnavailableMeanwhileAndLosesNothing()
    {
        Assert.SkipWhen(PostgreSqlServer.WhyMissing is not null, PostgreSqlServer.WhyMissing ?? "");
        await using var server = await PostgreSqlServer.StartNewAsync();
        var factory = new PooledDbContextFactory<MfaDbContext>(new DbContextOptionsBuilder<MfaDbContext>().UseNpgsql(server.ConnectionString).Options);
        await using (var context = await factory.CreateDbContextAsync(Token))
        {
            await context.Database.EnsureCreatedAsync(Token);
        }

        var person = new Person(new EntityFrameworkMfaStore<MfaDbContext>(factory));
        var (phone, _) = await person.EnrollAsync();
        var used = phone.GetCode();
        Assert.True((await person.VerifyAsync(used)).Succeeded);

        await server.KillAsync();
        var meanwhile = await person.VerifyAsync(used);
        await server.StartAsync();
        var replayed = await person.VerifyAsync(used);
        person.NextCode();

        Assert.Equal(RefusalReason.Unavailable, meanwhile.Reason);
        Assert.Equal(RefusalReason.Replayed, replayed.Reason);
        Assert.True((await person.VerifyAsync(phone.GetCode())).Succeeded);
    }

    [Fact]
    public async Task VerifyAsync_ServerThatHangs_IsUnavailableAfterTheTimeOut()
    {
        Assert.SkipWhen(PostgreSqlServer.WhyMissing is not null, PostgreSqlServer.WhyMissing ?? "");
        await using var server = await PostgreSqlServer.StartNewAsync();
        var connectionString = new NpgsqlConnectionStringBuilder(server.ConnectionString) { CancellationTimeout = 1000 }.ConnectionString;
        var factory = new PooledDbContextFactory<MfaDbContext>(new DbContextOptionsBuilder<MfaDbContext>().UseNpgsql(connectionString).Options);
        await using (var context = await factory.CreateDbContextAsync(Token))
        {
            await context.Database.EnsureCreatedAsync(Token);
        }

        var person = new Person(new EntityFrameworkMfaStore<MfaDbContext>(factory, new EntityFrameworkMfaStoreOptions { CommandTimeout = TimeSpan.FromSeconds(1) }));
        var (phone, _) = await person.EnrollAsync();

        server.Pause();
        var meanwhile = await person.VerifyAsync(phone.GetCode());
        server.Resume();

        Assert.Equal(RefusalReason.Unavailable, meanwhile.Reason);
        Assert.True((await person.VerifyAsync(phone.GetCode())).Succeeded);
    }

    private static async Task IsUnavailableUntilMendedAsync(Database database, Func<Task> breakIt, Func<Task> mend)
    {
        var store = database.Store();
        var person = new Person(store);
        var (phone, _) = await person.EnrollAsync();

        await breakIt();
        var checkedAtStart = await Assert.ThrowsAsync<InvalidOperationException>(() => store.CheckTableAsync(Token));
        var broken = await person.VerifyAsync(phone.GetCode());
        await mend();
        await store.CheckTableAsync(Token);
        var mended = await person.VerifyAsync(phone.GetCode());

        Assert.StartsWith("The table callroute_mfa cannot be read", checkedAtStart.Message, StringComparison.Ordinal);
        Assert.Equal(RefusalReason.Unavailable, broken.Reason);
        Assert.True(mended.Succeeded, mended.ToString());
    }

    /// <summary>A context that somebody forgot to add the table to.</summary>
    private sealed class UnmappedContext(DbContextOptions<UnmappedContext> options) : DbContext(options);
}
