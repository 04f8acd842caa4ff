using System.Globalization;
using System.Text.RegularExpressions;

namespace Callroute.Mfa.Sql;

/// <summary>The SQL statements for one dialect and one table.</summary>
internal sealed partial class SqlStatements
{
    private const string OfSubject = "tenant = @tenant AND user_id = @user_id";
    private const string OfExpectedVersion = OfSubject + " AND version = @expected";

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
        Check = $"SELECT tenant, user_id, version, document FROM {tableName} WHERE 1 = 0";
        Find = $"SELECT version, document FROM {tableName} WHERE {OfSubject}";
        Insert = string.Format(CultureInfo.InvariantCulture, dialect.InsertFormat, tableName);
        Update = $"UPDATE {tableName} SET version = @version, document = @document WHERE {OfExpectedVersion}";
        Delete = $"DELETE FROM {tableName} WHERE {OfExpectedVersion}";
        var sameTenant = Page(dialect, tableName, "tenant = @tenant AND user_id > @user_id");
        var laterTenants = Page(dialect, tableName, "tenant > @tenant");
        Scan = $"SELECT {dialect.First}tenant, user_id FROM ({sameTenant}) AS same_tenant"
            + $" UNION ALL SELECT {dialect.First}tenant, user_id FROM ({laterTenants}) AS later_tenants"
            + $" ORDER BY tenant, user_id{dialect.Limit}";
    }

    public string Create { get; }

    public string Check { get; }

    public string Find { get; }

    public string Insert { get; }

    public string Update { get; }

    public string Delete { get; }

    /// <summary>Reads the subjects that follow a given one in key order, as two ranges: not every engine can seek by a pair.</summary>
    public string Scan { get; }

    private static string Page(SqlDialect dialect, string tableName, string range) =>
        $"SELECT {dialect.First}tenant, user_id FROM {tableName} WHERE {range} ORDER BY tenant, user_id{dialect.Limit}";

    [GeneratedRegex(@"\A([a-z_][a-z0-9_]{0,62}\.)?[a-z_][a-z0-9_]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex TableName();
}
