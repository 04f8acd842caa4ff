using System.Collections.Concurrent;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Callroute.Mfa.EntityFrameworkCore.Tests;

/// <summary>The log of EF contains no values, unless the application enabled them.</summary>
public sealed class SensitiveDataTests
{
    private const string Canary = "canary-5e11";

    private static readonly MfaSubject Subject = new($"{Canary}-user", $"{Canary}-tenant");
    private static readonly byte[] Document = Encoding.UTF8.GetBytes(Canary);

    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(DatabaseContexts))]
    public async Task Store_EverythingLoggedAndThrown_NamesStatementsButNoValue(string kind)
    {
        await using var database = await WithTableAsync(kind);
        var log = new ConcurrentQueue<string>();
        var store = database.Store(builder => builder.LogTo(log.Enqueue, LogLevel.Trace));

        await UseEveryStatementAsync(store);
        var thrown = await FailAsync(database, store);

        Assert.DoesNotContain(Canary, thrown.ToString(), StringComparison.Ordinal);
        var all = string.Join('\n', log);
        Assert.All(["INSERT INTO", "UPDATE", "DELETE"], word => Assert.Contains(word, all, StringComparison.Ordinal));
        Assert.DoesNotContain(Canary, all, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexString(Document), all, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Store_ApplicationAskedForValues_ShowsThatTheLogIsRead()
    {
        await using var database = await WithTableAsync(Sqlite);
        var log = new ConcurrentQueue<string>();
        var store = database.Store(builder => builder.LogTo(log.Enqueue, LogLevel.Trace).EnableSensitiveDataLogging());

        await UseEveryStatementAsync(store);

        Assert.Contains(log, line => line.Contains(Canary, StringComparison.Ordinal));
    }

    private static async Task UseEveryStatementAsync(EntityFrameworkMfaStore<MfaDbContext> store)
    {
        var (v1, v2) = (Guid.NewGuid(), Guid.NewGuid());
        await store.CheckTableAsync(Token);
        Assert.True(await store.TryWriteAsync(Subject, Document, v1, null, Token));
        Assert.True(await store.TryWriteAsync(Subject, Document, v2, v1, Token));
        Assert.NotNull(await store.FindAsync(Subject, Token));
        Assert.Single(await store.ScanAsync(Token).ToListAsync(Token));
        Assert.True(await store.TryDeleteAsync(Subject, v2, Token));
    }

    private static async Task<Exception> FailAsync(Database database, EntityFrameworkMfaStore<MfaDbContext> store)
    {
        await database.ExecuteAsync("ALTER TABLE callroute_mfa RENAME TO elsewhere");
        return await Assert.ThrowsAnyAsync<Exception>(
            async () => await store.TryWriteAsync(Subject, Document, Guid.NewGuid(), null, Token));
    }
}
