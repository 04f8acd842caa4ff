using System.Data.Common;
using System.Security.Claims;
using Callroute.Mfa;
using Callroute.Mfa.AspNetCore;

namespace Callroute.Portal.Users;

/// <summary>
/// The application's own users, in SQL that SQLite and PostgreSQL both read. <see cref="IMfaUsers"/> is all that Callroute.Mfa sees of it.
/// </summary>
internal sealed class UserTable(DbDataSource database) : IMfaUsers
{
    /// <summary>The claim that holds <see cref="PortalUser.Stamp"/>.</summary>
    public const string StampClaim = "stamp";

    private const string Columns = "id, email, name, password_hash, mfa_policy, mfa_enrolled, stamp";

    public Task CreateAsync() => ExecuteAsync(
        "CREATE TABLE IF NOT EXISTS portal_users (id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, password_hash "
        + "TEXT NOT NULL, mfa_policy TEXT NOT NULL, mfa_enrolled INTEGER NOT NULL, stamp TEXT NOT NULL)",
        []);

    /// <returns>False where the address is taken.</returns>
    public async Task<bool> TryAddAsync(PortalUser user, CancellationToken cancellationToken = default) =>
        await ExecuteAsync(
            $"INSERT INTO portal_users ({Columns}) VALUES (@id, @email, @name, @password_hash, @policy, 0, @stamp) "
            + "ON CONFLICT (email) DO NOTHING",
            [
                ("id", user.Id),
                ("email", user.Email),
                ("name", user.Name),
                ("password_hash", user.PasswordHash),
                ("policy", user.Policy.ToString()),
                ("stamp", user.Stamp),
            ],
            cancellationToken) == 1;

    /// <summary>Writes whether a user must have MFA. Nothing else does.</summary>
    public Task SetPolicyAsync(string id, MfaPolicy policy) =>
        ExecuteAsync("UPDATE portal_users SET mfa_policy = @policy WHERE id = @id", [("id", id), ("policy", policy.ToString())]);

    /// <summary>Ends every session of a user.</summary>
    /// <returns>The stamp for a session that is not to end.</returns>
    public async Task<string> EndSessionsAsync(string id)
    {
        var stamp = NewStamp();
        await ExecuteAsync("UPDATE portal_users SET stamp = @stamp WHERE id = @id", [("id", id), ("stamp", stamp)]);
        return stamp;
    }

    public static string NewStamp() => Guid.NewGuid().ToString("N");

    public Task<PortalUser?> FindByEmailAsync(string email, CancellationToken cancellationToken = default) =>
        FindAsync("email", email, cancellationToken);

    public Task<PortalUser?> FindByIdAsync(string id, CancellationToken cancellationToken = default) =>
        FindAsync("id", id, cancellationToken);

    public async ValueTask<MfaUser?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        await FindByIdAsync(subject.UserId, cancellationToken) is { } user
            ? new MfaUser
            {
                AccountName = user.Email,
                Policy = user.Policy,
                IsEnrolled = user.IsEnrolled,
                Claims = [new Claim(ClaimTypes.Name, user.Name), new Claim(StampClaim, user.Stamp)],
            }
            : null;

    public async ValueTask SetEnrolledAsync(MfaSubject subject, bool isEnrolled, CancellationToken cancellationToken = default) =>
        await ExecuteAsync(
            "UPDATE portal_users SET mfa_enrolled = @enrolled WHERE id = @id",
            [("id", subject.UserId), ("enrolled", isEnrolled ? 1 : 0)],
            cancellationToken);

    private async Task<PortalUser?> FindAsync(string column, string value, CancellationToken cancellationToken)
    {
        await using var command = CreateCommand($"SELECT {Columns} FROM portal_users WHERE {column} = @value", [("value", value)]);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new PortalUser(
                row.GetString(0),
                row.GetString(1),
                row.GetString(2),
                row.GetString(3),
                Enum.Parse<MfaPolicy>(row.GetString(4)),
                row.GetInt32(5) != 0,
                row.GetString(6))
            : null;
    }

    private async Task<int> ExecuteAsync(
        string sql, (string Name, object Value)[] parameters, CancellationToken cancellationToken = default)
    {
        await using var command = CreateCommand(sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private DbCommand CreateCommand(string sql, (string Name, object Value)[] parameters)
    {
        var command = database.CreateCommand(sql);
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
