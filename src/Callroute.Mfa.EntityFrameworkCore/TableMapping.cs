using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>The mapping of the four columns on one kind of database. Every mapping makes the database compare ids byte by byte.</summary>
internal sealed record TableMapping(ColumnShape Id, ColumnShape Version, ColumnShape Document)
{
    private const int VersionLength = 32;

    // A UTF-16 code unit takes two bytes in UTF-16 and at most three in UTF-8.
    private const int Utf16Length = 2 * MfaSubject.MaximumLength;
    private const int Utf8Length = 3 * MfaSubject.MaximumLength;

    private static readonly TableMapping Sqlite = new(new("TEXT", "BINARY"), new("TEXT", "BINARY"), new("BLOB"));

    private static readonly TableMapping PostgreSql = new(new("text", "C"), new("text", "C"), new("bytea"));

    private static readonly TableMapping MySql = new(
        new($"varbinary({Utf8Length})", Converter: BytesIn(Encoding.UTF8)),
        new($"char({VersionLength})", "ascii_bin"),
        new("longblob"));

    private static readonly TableMapping SqlServer = new(
        new($"varbinary({Utf16Length})", Converter: BytesIn(Encoding.Unicode)),
        new($"char({VersionLength})", "Latin1_General_100_BIN2"),
        new("varbinary(max)"));

    // An unknown engine's collation might treat two ids as equal, so ids are bytes. A version has no capital letters, so any collation
    // compares it correctly.
    private static readonly TableMapping Unknown = new(
        new(MaximumLength: Utf8Length, Converter: BytesIn(Encoding.UTF8)),
        new(MaximumLength: VersionLength),
        new());

    /// <summary>Returns the mapping for a provider.</summary>
    public static TableMapping For(string providerName) => providerName switch
    {
        ProviderNames.Sqlite => Sqlite,
        ProviderNames.PostgreSql => PostgreSql,
        ProviderNames.SqlServer => SqlServer,
        _ => ProviderNames.IsMySql(providerName) ? MySql : Unknown,
    };

    /// <summary>Configures everything explicitly, so that no convention of the application's model changes it.</summary>
    public void Apply(EntityTypeBuilder<MfaRecordRow> row, string tableName, string? schema)
    {
        row.ToTable(tableName, schema);
        row.HasKey(r => new { r.Tenant, r.UserId });
        Id.Apply(row.Property(r => r.Tenant), "tenant");
        Id.Apply(row.Property(r => r.UserId), "user_id");
        Version.Apply(row.Property(r => r.Version), "version");
        Document.Apply(row.Property(r => r.Document), "document");
    }

    private static ValueConverter<string, byte[]> BytesIn(Encoding encoding) =>
        new(text => encoding.GetBytes(text), bytes => encoding.GetString(bytes));
}
