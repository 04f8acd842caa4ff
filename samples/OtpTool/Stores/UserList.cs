using System.Data.Common;
using System.Globalization;

namespace Callroute.Mfa.OtpTool.Stores;

/// <summary>Reads the users of an application: each with an id, perhaps a tenant, and perhaps whether they must have MFA.</summary>
internal static class UserList
{
    /// <summary>Reads users by a query of the store's database, or from lines with tabs.</summary>
    /// <exception cref="InputException">The query failed, or a row or a line is no user.</exception>
    public static async Task<Dictionary<MfaSubject, bool>> ReadAsync(
        string text, string name, DbDataSource? database, CancellationToken cancellationToken)
    {
        if (SecretText.IsPlace(text))
        {
            return ReadLines(SecretText.ReadAll(text, name), name);
        }

        return database is null ? throw new InputException($"{name}: Redis has no query; give file:PATH or '-'.")
            : IsQuery(text) ? await QueryAsync(text, name, database, cancellationToken)
            : throw new InputException($"{name} must be a query that begins with SELECT or WITH, file:PATH or '-'.");
    }

    // A path without 'file:' must not become the only user of the report.
    private static bool IsQuery(string text) =>
        text.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries) is [var word, _]
        && word.ToUpperInvariant() is "SELECT" or "WITH";

    private static Dictionary<MfaSubject, bool> ReadLines(string text, string name)
    {
        var users = new Dictionary<MfaSubject, bool>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            Add(users, line.Split('\t'), name);
        }

        return users;
    }

    private static async Task<Dictionary<MfaSubject, bool>> QueryAsync(
        string query, string name, DbDataSource database, CancellationToken cancellationToken)
    {
        var users = new Dictionary<MfaSubject, bool>();
        try
        {
            await using var command = database.CreateCommand(query);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                Add(users, Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue), name);
            }
        }
        catch (DbException exception)
        {
            throw new InputException($"{name}: the query failed. {exception.Message.ReplaceLineEndings(" ")}");
        }

        return users;
    }

    private static void Add(Dictionary<MfaSubject, bool> users, IEnumerable<object> row, string name)
    {
        try
        {
            var parts = row.Select(ToText).ToArray();
            var tenant = parts.ElementAtOrDefault(1) is { Length: > 0 } text ? text : null;
            users[new MfaSubject(parts[0], tenant)] = IsRequired(parts.ElementAtOrDefault(2));
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            throw new InputException(
                $"{name}: user {users.Count + 1} must be ID, TENANT and REQUIRED (true, false, 1 or 0), and no bytes.");
        }
    }

    private static string ToText(object value) => value switch
    {
        byte[] => throw new FormatException(),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty,
    };

    private static bool IsRequired(string? text) => text?.ToUpperInvariant() switch
    {
        "1" or "T" or "TRUE" => true,
        null or "" or "0" or "F" or "FALSE" => false,
        _ => throw new FormatException(),
    };
}
