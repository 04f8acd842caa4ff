using System.Text;
using MySqlConnector;

namespace Callroute.Mfa.LoadTest.Ratio;

/// <summary>MySqlConnector by hand.</summary>
internal sealed class MySqlSwapper(MySqlDataSource source) : ISwapper
{
    private const string Find = "SELECT version, document FROM callroute_mfa WHERE tenant = @tenant AND user_id = @user_id";
    private const string Update =
        "UPDATE callroute_mfa SET version = @version, document = @document WHERE tenant = @tenant AND user_id = @user_id AND version "
        + "= @expected";

    public async Task<bool> SwapAsync(string user, byte[] document, Guid next)
    {
        var (version, _) = await FindAsync(user);
        await using var connection = await source.OpenConnectionAsync();
        await using var command = new MySqlCommand(Update, connection);
        command.Parameters.AddWithValue("@version", next.ToString("N"));
        command.Parameters.AddWithValue("@document", document);
        AddKey(command, user);
        command.Parameters.AddWithValue("@expected", version);
        return await command.ExecuteNonQueryAsync() == 1;
    }

    private async Task<(string Version, byte[] Document)> FindAsync(string user)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var command = new MySqlCommand(Find, connection);
        AddKey(command, user);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetString(0), reader.GetFieldValue<byte[]>(1));
    }

    // The key columns are binary, because text would be compared by its collation.
    private static void AddKey(MySqlCommand command, string user)
    {
        command.Parameters.AddWithValue("@tenant", Array.Empty<byte>());
        command.Parameters.AddWithValue("@user_id", Encoding.UTF8.GetBytes(user));
    }
}
