using Microsoft.EntityFrameworkCore;

namespace Callroute.Mfa.EntityFrameworkCore.Tests;

public sealed class MfaModelBuilderExtensionsTests
{
    [Fact]
    public void AddCallrouteMfa_OnSqlite_DeclaresTextAndBlob() => AssertScript(
        builder => builder.UseSqlite("Data Source=:memory:"),
        """
        CREATE TABLE "callroute_mfa" (
            "tenant" TEXT COLLATE BINARY NOT NULL,
            "user_id" TEXT COLLATE BINARY NOT NULL,
            "version" TEXT COLLATE BINARY NOT NULL,
            "document" BLOB NOT NULL,
            CONSTRAINT "PK_callroute_mfa" PRIMARY KEY ("tenant", "user_id")
        );
        """);

    [Fact]
    public void AddCallrouteMfa_OnPostgreSql_DeclaresTextUnderCollationC() => AssertScript(
        builder => builder.UseNpgsql(),
        """
        CREATE TABLE callroute_mfa (
            tenant text COLLATE "C" NOT NULL,
            user_id text COLLATE "C" NOT NULL,
            version text COLLATE "C" NOT NULL,
            document bytea NOT NULL,
            CONSTRAINT "PK_callroute_mfa" PRIMARY KEY (tenant, user_id)
        );
        """);

    [Fact]
    public void AddCallrouteMfa_OnSqlServer_DeclaresBytes() => AssertScript(
        builder => builder.UseSqlServer(),
        """
        CREATE TABLE [callroute_mfa] (
            [tenant] varbinary(800) NOT NULL,
            [user_id] varbinary(800) NOT NULL,
            [version] char(32) COLLATE Latin1_General_100_BIN2 NOT NULL,
            [document] varbinary(max) NOT NULL,
            CONSTRAINT [PK_callroute_mfa] PRIMARY KEY ([tenant], [user_id])
        );
        """);

    [Theory]
    [InlineData("MySql.EntityFrameworkCore")]
    [InlineData("Pomelo.EntityFrameworkCore.MySql")]
    public void For_ProviderOfMySql_IsBytesOfUtf8(string provider)
    {
        var mapping = TableMapping.For(provider);

        Assert.Equal(("varbinary(1200)", null), (mapping.Id.Type, mapping.Id.Collation));
        Assert.Equal("Zoë"u8.ToArray(), mapping.Id.Converter!.ConvertToProvider("Zoë"));
        Assert.Equal(("char(32)", "ascii_bin"), (mapping.Version.Type, mapping.Version.Collation));
        Assert.Equal("longblob", mapping.Document.Type);
    }

    [Fact]
    public void For_LongestId_FitsWhereverIdsAreBytes()
    {
        var longest = new string('€', MfaSubject.MaximumLength);

        byte[] Written(string provider) => (byte[])TableMapping.For(provider).Id.Converter!.ConvertToProvider(longest)!;

        Assert.Equal(1200, Written("MySql.EntityFrameworkCore").Length);
        Assert.Equal(1200, TableMapping.For("unheard of").Id.MaximumLength);
        Assert.Equal(800, Written("Microsoft.EntityFrameworkCore.SqlServer").Length);
    }

    [Fact]
    public async Task AddCallrouteMfa_NameAndSchemaGiven_AreUsed()
    {
        await using var database = await NewAsync(PostgreSql);
        await using var context = new NamedContext(database.Options<NamedContext>());

        Assert.Contains("CREATE TABLE security.second_factors (", context.Database.GenerateCreateScript(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData(" ", null)]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234", null)]
    [InlineData("mfa", "")]
    public void AddCallrouteMfa_NameOutOfRange_Throws(string table, string? schema)
    {
        using var context = new MfaDbContext(new DbContextOptionsBuilder<MfaDbContext>().UseNpgsql().Options);

        Assert.ThrowsAny<ArgumentException>(() => new ModelBuilder().AddCallrouteMfa(context.Database, table, schema));
    }

    [Fact]
    public void AddCallrouteMfa_ContextWithoutAProvider_Throws()
    {
        using var context = new MfaDbContext(new DbContextOptionsBuilder<MfaDbContext>().Options);

        Assert.Throws<InvalidOperationException>(() => new ModelBuilder().AddCallrouteMfa(context.Database));
    }

    private static void AssertScript(Action<DbContextOptionsBuilder<MfaDbContext>> use, string expected)
    {
        var builder = new DbContextOptionsBuilder<MfaDbContext>();
        use(builder);
        using var context = new MfaDbContext(builder.Options);

        Assert.Contains(expected, context.Database.GenerateCreateScript().ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    private sealed class NamedContext(DbContextOptions<NamedContext> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) =>
            modelBuilder.AddCallrouteMfa(Database, "second_factors", "security");
    }
}
