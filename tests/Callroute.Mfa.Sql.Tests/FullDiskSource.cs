using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Callroute.Mfa.Sql.Tests;

/// <summary>A SQLite file that cannot grow by a page while it is full: the engine itself then reports a full disk.</summary>
internal sealed class FullDiskSource(string connectionString) : DbDataSource
{
    public bool IsFull { get; set; }

    public override string ConnectionString => connectionString;

    protected override DbConnection CreateDbConnection()
    {
        var connection = new SqliteConnection(connectionString);
        connection.StateChange += (_, change) =>
        {
            if (change.CurrentState == ConnectionState.Open)
            {
                using var command = connection.CreateCommand();
                command.CommandText = IsFull ? "PRAGMA max_page_count = 1" : "PRAGMA max_page_count = 1000000";
                command.ExecuteNonQuery();
            }
        };
        return connection;
    }
}
