using Npgsql;

namespace Callroute.Mfa.LoadTest.Ratio;

/// <summary>Npgsql by hand, with positional, typed parameters, which are the fastest.</summary>
internal sealed class NpgsqlSwapper(NpgsqlDataSource source, bool prepares) : ISwapper
{
    private const string Find = "SELECT version, document FROM callroute_mfa WHERE tenant = $1 AND user_id = $2";
    private const string Update =
        "UPDATE callroute_mfa SET version = $1, document = $2 WHERE tenant = $3 AND user_id = $4 AND version = $5";

    public async Task<bool> SwapAsync(string user, byte[] document, Guid next)
    {
        var (version, _) = await FindAsync(user);
        await using var connection = await source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(Update, connection)
        {
            Parameters =
            {
                Text(next.ToString("N")),
                new NpgsqlParameter<byte[]> { TypedValue = document },
                Text(string.Empty),
                Text(user),
                Text(version),
            },
        };
        await PrepareAsync(command);
        return await command.ExecuteNonQueryAsync() == 1;
    }

    private async Task<(string Version, byte[] Document)> FindAsync(string user)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(Find, connection) { Parameters = { Text(string.Empty), Text(user) } };
        await PrepareAsync(command);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetString(0), reader.GetFieldValue<byte[]>(1));
    }

    private Task PrepareAsync(NpgsqlCommand command) => prepares ? command.PrepareAsync() : Task.CompletedTask;

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value };
}
