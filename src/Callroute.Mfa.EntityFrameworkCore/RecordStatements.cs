using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>The statements for the table of one model.</summary>
/// <remarks>
/// Parameters 0 and 1 are tenant and user id. A write has the version as parameter 2; then follow the document and the expected version, or
/// for an insert the document and the name of the statement. A pooler that shares connections of PostgreSQL may execute a prepared
/// statement of another client, so there every statement returns one row that names it and what it was asked.
/// </remarks>
internal sealed class RecordStatements
{
    private readonly string _table;

    public RecordStatements(DbContext context, IEntityType row)
    {
        var sql = context.GetService<ISqlGenerationHelper>();
        var identifier = StoreObjectIdentifier.Create(row, StoreObjectType.Table)!.Value;
        _table = sql.DelimitIdentifier(identifier.Name, identifier.Schema);
        var (tenant, userId) = (Column(nameof(MfaRecordRow.Tenant)), Column(nameof(MfaRecordRow.UserId)));
        var (version, document) = (Column(nameof(MfaRecordRow.Version)), Column(nameof(MfaRecordRow.Document)));
        AlwaysAnswers = context.Database.ProviderName == ProviderNames.PostgreSql;
        CountsDuplicates = AlwaysAnswers || context.Database.ProviderName == ProviderNames.Sqlite;

        var table = Escape(_table);
        var columns = $"{tenant}, {userId}, {version}, {document}";
        var isSubject = $"{tenant} = {{0}} AND {userId} = {{1}}";
        var onConflict = CountsDuplicates ? $" ON CONFLICT ({tenant}, {userId}) DO NOTHING" : "";
        Find = Name("find", name => AlwaysAnswers
            ? $"SELECT {name}, {{0}}, {{1}}, {version}, {document} FROM (SELECT 1) AS question LEFT JOIN {table} ON {isSubject}"
            : $"SELECT {name}, {columns} FROM {table} WHERE {isSubject}");

        // The condition keeps the statement from writing if a pooler executes it for another table.
        Insert = Write("insert", name => AlwaysAnswers
            ? $"INSERT INTO {table} ({columns}) SELECT {{0}}, {{1}}, {{2}}, {{3}} WHERE {{4}} = {name}{onConflict}"
            : $"INSERT INTO {table} ({columns}) VALUES ({{0}}, {{1}}, {{2}}, {{3}}){onConflict}");
        Update = Write("update", _ => $"UPDATE {table} SET {version} = {{2}}, {document} = {{3}} WHERE {isSubject} AND {version} = {{4}}");
        Delete = Write("delete", _ => $"DELETE FROM {table} WHERE {isSubject} AND {version} = {{2}}");

        Check =
        [
            $"UPDATE {table} SET {version} = {version}, {document} = {document} WHERE {tenant} = {{0}} AND 1 = 0",
            $"DELETE FROM {table} WHERE {userId} = {{1}} AND 1 = 0",
            $"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE 1 = 0{onConflict}",
        ];
        Settings = AlwaysAnswers ? Sql.ServerSettings.OfPostgreSql
            : ProviderNames.IsMySql(context.Database.ProviderName!) ? Sql.ServerSettings.OfMySql
            : null;

        string Column(string property) => Escape(sql.DelimitIdentifier(row.GetProperty(property).GetColumnName(identifier)!));
    }

    /// <summary>Whether every statement returns a row.</summary>
    public bool AlwaysAnswers { get; }

    /// <summary>Whether an insert of an existing key writes no row instead of throwing.</summary>
    public bool CountsDuplicates { get; }

    public RecordStatement Find { get; }

    public RecordStatement Insert { get; }

    public RecordStatement Update { get; }

    public RecordStatement Delete { get; }

    /// <summary>Statements that need every right that the store needs, and write nothing.</summary>
    public IReadOnlyList<string> Check { get; }

    /// <summary>The query for settings of the server that the store depends on; null if the engine has none.</summary>
    public string? Settings { get; }

    private RecordStatement Write(string verb, Func<string, string> write) => Name(verb, name => AlwaysAnswers
        ? $"WITH written AS ({write(name)} RETURNING 1) SELECT {name}, {{0}}, {{1}}, {{2}}, (SELECT count(*) FROM written)"
        : write(name));

    private RecordStatement Name(string verb, Func<string, string> statement)
    {
        var name = $"{verb} {_table}";
        return new(name, statement(Escape($"'{name.Replace("'", "''", StringComparison.Ordinal)}'")));
    }

    // A statement is a format string, so braces in names must be doubled.
    private static string Escape(string sql) =>
        sql.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
}
