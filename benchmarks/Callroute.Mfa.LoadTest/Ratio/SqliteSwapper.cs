using Microsoft.Data.Sqlite;

namespace Callroute.Mfa.LoadTest.Ratio;

/// <summary>Microsoft.Data.Sqlite by hand. It uses the synchronous calls, because the asynchronous ones only wrap them.</summary>
internal sealed class SqliteSwapper(string connectionString) : ISwapper
{
    private const string Find = "SELECT version, document FROM callroute_mfa WHERE tenant = @tenant AND user_id = @user_id";
    private const string Update =
        "UPDATE callroute_mfa SET version = @version, document = @document WHERE tenant = @tenant AND user_id = @user_id AND version "
        + "= @expected";

    public Task<bool> SwapAsync(string user, byte[] document, Guid next)
    {
        var (version, _) = Read(user);
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var command = new SqliteCommand(Update, connection);
        command.Parameters.AddWithValue("@version", next.ToString("N"));
        command.Parameters.AddWithValue("@document", document);
        command.Parameters.AddWithValue("@tenant", string.Empty);
        command.Parameters.AddWithValue("@user_id", user);
        command.Parameters.AddWithValue("@expected", version);
        return Task.FromResult(command.ExecuteNonQuery() == 1);
    }

    private (string Version, byte[] Document) Read(string user)
    {
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var command = new SqliteCommand(Find, connection);
        command.Parameters.AddWithValue("@tenant", string.Empty);
        command.Parameters.AddWithValue("@user_id", user);
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetString(0), reader.GetFieldValue<byte[]>(1));
    }
}
