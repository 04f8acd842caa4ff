using System.Data.Common;

namespace Callroute.Mfa.Sql;

/// <summary>Says what an error of a database means for the store, and what to do.</summary>
/// <remarks>Callroute.Mfa.EntityFrameworkCore compiles this file too.</remarks>
internal static class DatabaseDiagnosis
{
    // Drivers that give no SQLSTATE, or one that says too little.
    private static readonly (string Text, Kind Kind)[] Texts =
    [
        ("no such table", Kind.Missing),
        ("Invalid object name", Kind.Missing),
        ("no such column", Kind.Columns),
        ("no column named", Kind.Columns),
        ("Invalid column name", Kind.Columns),
        ("ON CONFLICT clause does not match", Kind.Columns),
        ("command denied", Kind.Permission),
        ("permission was denied", Kind.Permission),
        ("readonly database", Kind.ReadOnly),
        ("read-only", Kind.ReadOnly),
        ("unable to open database file", Kind.NoFile),
    ];

    /// <summary>Explains an error.</summary>
    /// <param name="fault">The error.</param>
    /// <param name="table">The name of the table.</param>
    /// <param name="create">How to create the table, as a sentence.</param>
    public static InvalidOperationException Explain(DbException fault, string table, string create) =>
        new($"{Describe(KindOf(fault), table, create)} The driver reports: {fault.Message}", fault);

    private static string Describe(Kind kind, string table, string create) => kind switch
    {
        Kind.Missing => $"The table '{table}' is missing, or is not in a schema that the connection searches. {create}",
        Kind.Columns => $"The table '{table}' lacks one of the columns tenant, user_id, version, document, or its primary key (tenant, user_id)."
            + $" If another program uses it, choose another name. Otherwise remove it. {create}",
        Kind.Permission => $"The user of the connection may not use the table '{table}'."
            + " Grant it SELECT, INSERT, UPDATE and DELETE on the table, and USAGE on its schema.",
        Kind.ReadOnly => "The database is read-only: it is a standby, or this process may not write to the file and its folder."
            + " Connect to the primary (Npgsql: Target Session Attributes=primary), or grant the right to write.",
        Kind.Pooler => "A connection pooler mixes prepared statements of several connections. Set SqlMfaStoreOptions.PrepareStatements to false"
            + " and, for Npgsql, remove Max Auto Prepare from the connection string.",
        Kind.NoFile => "The database file cannot be opened: its folder does not exist, or this process may not write to the file and its"
            + " folder. Create the folder, and grant the right to write to it: SQLite creates more files beside the database.",
        _ => "The database cannot be used. Check that the server runs, the connection string, the user and its password.",
    };

    private static Kind KindOf(DbException fault) => fault.SqlState switch
    {
        "42P01" or "42S02" or "3F000" => Kind.Missing,
        "42703" or "42S22" or "42P10" => Kind.Columns,
        "42501" => Kind.Permission,
        "25006" => Kind.ReadOnly,
        "26000" or "42P05" => Kind.Pooler,
        _ => Texts.FirstOrDefault(text => fault.Message.Contains(text.Text, StringComparison.OrdinalIgnoreCase)).Kind,
    };

    private enum Kind
    {
        Other,
        Missing,
        Columns,
        Permission,
        ReadOnly,
        Pooler,
        NoFile,
    }
}
