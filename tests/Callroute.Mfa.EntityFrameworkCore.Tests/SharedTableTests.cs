using Callroute.Mfa.Storage;

namespace Callroute.Mfa.EntityFrameworkCore.Tests;

/// <summary>The table is the same as that of Callroute.Mfa.Sql, whichever package created it.</summary>
public sealed class SharedTableTests
{
    private static readonly MfaSubject[] Subjects =
        [new("Ann"), new("ann"), new("Zoë 🦊", "T"), new(new string('€', 400), new string('x', 400))];

    [Theory]
    [InlineData(Sqlite, true)]
    [InlineData(Sqlite, false)]
    [InlineData(PostgreSql, true)]
    [InlineData(PostgreSql, false)]
    public async Task Table_MadeByEither_IsUsedByBoth(string kind, bool madeByEf)
    {
        await using var database = await NewAsync(kind);
        var (sql, ef) = (database.NewSqlStore(), database.Store());
        await (madeByEf ? database.CreateTableAsync<MfaDbContext>() : sql.CreateTableAsync(Token));

        await sql.CheckTableAsync(Token);
        await ef.CheckTableAsync(Token);
        foreach (var subject in Subjects)
        {
            await AssertPassesOnAsync(sql, ef, subject);
            await AssertPassesOnAsync(ef, sql, subject);
        }
    }

    private static async Task AssertPassesOnAsync(IMfaStore writer, IMfaStore reader, MfaSubject subject)
    {
        var (version, document) = (Guid.NewGuid(), new byte[] { 0, 255, 10 });
        Assert.True(await writer.TryWriteAsync(subject, document, version, null, Token));

        var read = await reader.FindAsync(subject, Token);

        Assert.Equal(version, read!.Version);
        Assert.Equal(document, read.Document.ToArray());
        Assert.False(await reader.TryWriteAsync(subject, document, Guid.NewGuid(), null, Token));
        Assert.True(await reader.TryDeleteAsync(subject, version, Token));
    }
}
