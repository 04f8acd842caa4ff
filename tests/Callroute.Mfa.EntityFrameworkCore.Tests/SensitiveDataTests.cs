using System.Collections.Concurrent;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using static Callroute.Mfa.EntityFrameworkCore.Tests.Database;

namespace Callroute.Mfa.EntityFrameworkCore.Tests;

/// <summary>Bar B-37: what EF logs holds no value, unless the application itself asked for values.</summary>
public sealed class SensitiveDataTests
{
    private const string Canary = "canary-5e11";

    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(Database))]
    public async Task Store_EverythingLogged_NamesStatementsButNoValue(string kind)
    {
        await using var database = await WithTableAsync(kind);
        var log = new ConcurrentQueue<string>();
        var store = database.Store<MfaDbContext>(builder => builder.LogTo(log.Enqueue, LogLevel.Trace));

        await UseEveryStatementAsync(store);
        await FailAsync(database, store);

        var all = string.Join('\n', log);
        Assert.Contains("INSERT INTO", all, StringComparison.Ordinal);
        Assert.Contains("UPDATE", all, StringComparison.Ordinal);
        Assert.Contains("DELETE", all, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, all, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexString(Encoding.UTF8.GetBytes(Canary)), all, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Store_ApplicationAskedForValues_ShowsThatTheLogIsRead()
    {
        await using var database = await WithTableAsync(Sqlite);
        var log = new ConcurrentQueue<string>();
        var store = database.Store<MfaDbContext>(builder => builder.LogTo(log.Enqueue, LogLevel.Trace).EnableSensitiveDataLogging());

        await UseEveryStatementAsync(store);

        Assert.Contains(log, line => line.Contains(Canary, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(Database))]
    public async Task Store_StatementThatFails_ThrowsNoValue(string kind)
    {
        await using var database = await WithTableAsync(kind);

        var thrown = await FailAsync(database, database.Store());

        Assert.DoesNotContain(Canary, thrown.ToString(), StringComparison.Ordinal);
    }

    private static async Task UseEveryStatementAsync(EntityFrameworkMfaStore<MfaDbContext> store)
    {
        var subject = new MfaSubject($"{Canary}-user", $"{Canary}-tenant");
        var document = Encoding.UTF8.GetBytes(Canary);
        var (v1, v2) = (Guid.NewGuid(), Guid.NewGuid());
        await store.CheckTableAsync(Token);
        Assert.True(await store.TryWriteAsync(subject, document, v1, null, Token));
        Assert.True(await store.TryWriteAsync(subject, document, v2, v1, Token));
        Assert.NotNull(await store.FindAsync(subject, Token));
        Assert.Single(await store.ScanAsync(Token).ToListAsync(Token));
        Assert.True(await store.TryDeleteAsync(subject, v2, Token));
    }

    private static async Task<Exception> FailAsync(Database database, EntityFrameworkMfaStore<MfaDbContext> store)
    {
        await database.ExecuteAsync("ALTER TABLE callroute_mfa RENAME TO elsewhere");
        var subject = new MfaSubject($"{Canary}-user", $"{Canary}-tenant");
        return await Assert.ThrowsAnyAsync<Exception>(async () => await store.TryWriteAsync(subject, Encoding.UTF8.GetBytes(Canary), Guid.NewGuid(), null, Token));
    }
}
