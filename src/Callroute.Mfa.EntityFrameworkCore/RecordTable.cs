using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>The compiled query that finds a row and the statement that inserts one, prepared once for a model.</summary>
internal sealed class RecordTable<TContext>
    where TContext : DbContext
{
    private readonly IEntityType _row;
    private readonly string _insert;

    public RecordTable(TContext context)
    {
        _row = context.Model.FindEntityType(typeof(MfaRecordRow)) ?? throw new InvalidOperationException(
            $"The model of {typeof(TContext).Name} has no {nameof(MfaRecordRow)}:"
            + $" call modelBuilder.{nameof(MfaModelBuilderExtensions.AddCallrouteMfa)}(Database) in its OnModelCreating.");
        IsSqlite = context.Database.ProviderName == ProviderNames.Sqlite;
        CountsDuplicates = IsSqlite || context.Database.ProviderName == ProviderNames.PostgreSql;
        _insert = InsertStatement(context);
    }

    /// <summary>The schema-qualified name of the table in the model.</summary>
    public string Name => _row.GetSchemaQualifiedTableName()!;

    /// <summary>Whether the database is SQLite, which allows one writer at a time.</summary>
    public bool IsSqlite { get; }

    /// <summary>Whether an insert of an existing key writes no row instead of throwing.</summary>
    public bool CountsDuplicates { get; }

    /// <summary>Finds the version and the document of a row, or returns null if there is no row.</summary>
    public Func<TContext, string, string, CancellationToken, Task<RowContent?>> FindAsync { get; } = EF.CompileAsyncQuery(
        (TContext context, string tenant, string userId, CancellationToken cancellationToken) => context.Set<MfaRecordRow>()
            .IgnoreQueryFilters()
            .Where(row => row.Tenant == tenant && row.UserId == userId)
            .Select(row => new RowContent(row.Version, row.Document))
            .SingleOrDefault());

    /// <summary>Inserts a row by one statement that bypasses the change tracker.</summary>
    /// <returns>The number of rows written.</returns>
    public Task<int> InsertAsync(TContext context, RowKey key, RowContent written, CancellationToken cancellationToken)
    {
        object[] values =
        [
            Stored(nameof(MfaRecordRow.Tenant), key.Tenant),
            Stored(nameof(MfaRecordRow.UserId), key.UserId),
            Stored(nameof(MfaRecordRow.Version), written.Version),
            Stored(nameof(MfaRecordRow.Document), written.Document),
        ];

        // EF Core does not run raw SQL in the execution strategy that the application has configured.
        return context.Database.CreateExecutionStrategy().ExecuteAsync(
            token => context.Database.ExecuteSqlRawAsync(_insert, values, token), cancellationToken);
    }

    private object Stored(string property, object value) =>
        _row.GetProperty(property).GetTypeMapping().Converter?.ConvertToProvider(value) ?? value;

    private string InsertStatement(TContext context)
    {
        var sql = context.GetService<ISqlGenerationHelper>();
        var table = StoreObjectIdentifier.Create(_row, StoreObjectType.Table)!.Value;
        var (tenant, userId) = (Column(nameof(MfaRecordRow.Tenant)), Column(nameof(MfaRecordRow.UserId)));
        var (version, document) = (Column(nameof(MfaRecordRow.Version)), Column(nameof(MfaRecordRow.Document)));
        var into = $"{sql.DelimitIdentifier(table.Name, table.Schema)} ({tenant}, {userId}, {version}, {document})";
        var onConflict = CountsDuplicates ? $" ON CONFLICT ({tenant}, {userId}) DO NOTHING" : "";
        return $"INSERT INTO {Literal(into)} VALUES ({{0}}, {{1}}, {{2}}, {{3}}){Literal(onConflict)}";

        string Column(string property) => sql.DelimitIdentifier(_row.GetProperty(property).GetColumnName(table)!);
    }

    // The statement is a format string, so braces in names must be doubled.
    private static string Literal(string sql) =>
        sql.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
}
