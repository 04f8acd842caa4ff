using System.Globalization;
using System.Text.RegularExpressions;

namespace Callroute.Mfa.Sql;

/// <summary>The SQL statements for one dialect and one table.</summary>
internal sealed partial class SqlStatements
{
    // The key that the statement was asked for. The names keep an id from becoming the name of a column.
    private const string Key = "@tenant AS tenant, @user_id AS user_id";

    // One row on every engine, so that a statement that finds nothing still says what it was asked.
    private const string Question = "(SELECT 1 AS one) AS question";

    public SqlStatements(SqlDialect dialect, string tableName)
    {
        ArgumentNullException.ThrowIfNull(tableName);
        if (!TableName().IsMatch(tableName))
        {
            throw new ArgumentException(
                $"{nameof(SqlMfaStoreOptions)}.{nameof(SqlMfaStoreOptions.TableName)} must be 1–63 lower-case ASCII letters, digits and"
                + $" underscores that do not begin with a digit, optionally after a schema of the same form and a dot; was '{tableName}'.",
                nameof(tableName));
        }

        var columns = $"tenant {dialect.KeyType} NOT NULL, user_id {dialect.KeyType} NOT NULL,"
            + $" version {dialect.VersionType} NOT NULL, document {dialect.DocumentType} NOT NULL";
        Create = string.Format(CultureInfo.InvariantCulture, dialect.CreateFormat, tableName, columns, dialect.TableOptions);
        Check = $"UPDATE {tableName} SET version = version, document = document WHERE tenant = '' AND 1 = 0"
            + $"; DELETE FROM {tableName} WHERE user_id = '' AND 1 = 0; INSERT INTO {tableName} (tenant, user_id, version, document)"
            + $" SELECT tenant, user_id, version, document FROM {tableName} WHERE 1 = 0{dialect.OnConflict}";
        Find = Read("find", $"found.version, found.document FROM {Question} LEFT JOIN {tableName} AS found ON {OfSubject("found.")}");
        Insert = Write("insert", string.Format(CultureInfo.InvariantCulture, dialect.InsertFormat, tableName) + dialect.OnConflict, "@version");
        Update = Write("update", $"UPDATE {tableName} SET version = @version, document = @document WHERE {OfExpectedVersion}", "@version");
        Delete = Write("delete", $"DELETE FROM {tableName} WHERE {OfExpectedVersion}", "@expected");
        Scan = Read("scan", $"page.tenant, page.user_id FROM {Question} LEFT JOIN ({Page()}) AS page ON 1 = 1"
            + " ORDER BY page.tenant, page.user_id");

        SqlStatement Read(string verb, string columnsAndTable) =>
            new($"{verb} {tableName}", $"SELECT '{verb} {tableName}' AS statement, {Key}, {columnsAndTable}");

        SqlStatement Write(string verb, string write, string version) => new(
            $"{verb} {tableName}",
            string.Format(
                CultureInfo.InvariantCulture, dialect.WriteFormat, write, $"'{verb} {tableName}' AS statement, {Key}, {version} AS version"));

        // Two ranges, because not every engine can seek by a pair.
        string Page()
        {
            var (sameTenant, laterTenants) = (Range("tenant = @tenant AND user_id > @user_id"), Range("tenant > @tenant"));
            return Ordered(
                $"(SELECT tenant, user_id FROM ({sameTenant}) AS same_tenant"
                + $" UNION ALL SELECT tenant, user_id FROM ({laterTenants}) AS later_tenants) AS both_ranges");
        }

        string Range(string condition) => Ordered($"{tableName} WHERE {condition}");

        string Ordered(string rows) => $"SELECT {dialect.First}tenant, user_id FROM {rows} ORDER BY tenant, user_id{dialect.Limit}";
    }

    public string Create { get; }

    /// <summary>Needs every right that the store needs, and writes nothing.</summary>
    public string Check { get; }

    public SqlStatement Find { get; }

    public SqlStatement Insert { get; }

    public SqlStatement Update { get; }

    public SqlStatement Delete { get; }

    /// <summary>Reads the subjects that follow a given one in key order.</summary>
    public SqlStatement Scan { get; }

    private static string OfExpectedVersion => $"{OfSubject(string.Empty)} AND version = @expected";

    private static string OfSubject(string table) => $"{table}tenant = @tenant AND {table}user_id = @user_id";

    [GeneratedRegex(@"\A([a-z_][a-z0-9_]{0,62}\.)?[a-z_][a-z0-9_]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex TableName();
}
