using System.Data.Common;
using System.Security.Claims;
using Callroute.Mfa;
using Callroute.Mfa.AspNetCore;

namespace Callroute.Portal.Users;

/// <summary>
/// The application's own users, in SQL that SQLite and PostgreSQL both read. <see cref="IMfaUsers"/> is all that Callroute.Mfa sees of it.
/// </summary>
internal sealed class UserTable(DbDataSource database, PortalSettings settings) : IMfaUsers
{
    /// <summary>The claim that holds <see cref="PortalUser.Stamp"/>.</summary>
    public const string StampClaim = "stamp";

    private const string Columns = "id, email, name, password_hash, mfa_policy, mfa_enrolled, stamp";

    public Task CreateAsync() => ExecuteAsync(
        "CREATE TABLE IF NOT EXISTS portal_users (id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, password_hash "
        + "TEXT NOT NULL, mfa_policy TEXT NOT NULL, mfa_enrolled INTEGER NOT NULL, stamp TEXT NOT NULL)");

    /// <returns>False where the address is taken.</returns>
    public async Task<bool> TryAddAsync(PortalUser user) => await ExecuteAsync(
        $"INSERT INTO portal_users ({Columns}) VALUES (@p0, @p1, @p2, @p3, @p4, 0, @p5) ON CONFLICT (email) DO NOTHING",
        user.Id, user.Email, user.Name, user.PasswordHash, user.Policy.ToString(), user.Stamp) == 1;

    /// <summary>Writes whether a user must have MFA. Nothing else does.</summary>
    public Task SetPolicyAsync(string id, MfaPolicy policy) =>
        ExecuteAsync("UPDATE portal_users SET mfa_policy = @p1 WHERE id = @p0", id, policy.ToString());

    /// <summary>Ends every session of a user.</summary>
    /// <returns>The stamp for a session that is not to end.</returns>
    public async Task<string> EndSessionsAsync(string id)
    {
        var stamp = NewStamp();
        await ExecuteAsync("UPDATE portal_users SET stamp = @p1 WHERE id = @p0", id, stamp);
        return stamp;
    }

    public static string NewStamp() => Guid.NewGuid().ToString("N");

    public async ValueTask<MfaUser?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        await FindByAsync("id", subject.UserId, cancellationToken) is { } user
            ? new MfaUser
            {
                AccountName = user.Email,
                Policy = user.Policy,
                IsEnrolled = user.IsEnrolled,
                Claims =
                [
                    new(ClaimTypes.Name, user.Name), new(StampClaim, user.Stamp),
                    new("portal", user.Email == settings.Administrator ? "administrator" : "user"),
                ],
            }
            : null;

    public async ValueTask<IReadOnlyList<MfaSubject>> SearchAsync(string text, string? tenant, CancellationToken cancellation = default) =>
        await FindByAsync("email", Accounts.Normalize(text), cancellation) is { } user ? [new MfaSubject(user.Id)] : [];

    public async ValueTask SetEnrolledAsync(MfaSubject subject, bool isEnrolled, CancellationToken cancellationToken = default) =>
        await ExecuteAsync("UPDATE portal_users SET mfa_enrolled = @p1 WHERE id = @p0", subject.UserId, isEnrolled ? 1 : 0);

    public async Task<PortalUser?> FindByAsync(string column, string value, CancellationToken cancellationToken = default)
    {
        await using var command = CreateCommand($"SELECT {Columns} FROM portal_users WHERE {column} = @p0", value);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new(
                row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), Enum.Parse<MfaPolicy>(row.GetString(4)),
                row.GetInt32(5) != 0, row.GetString(6))
            : null;
    }

    // One of the sessions may be a thief's.
    public async ValueTask AfterResetAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        await EndSessionsAsync(subject.UserId);

    private async Task<int> ExecuteAsync(string sql, params object[] values)
    {
        await using var command = CreateCommand(sql, values);
        return await command.ExecuteNonQueryAsync();
    }

    private DbCommand CreateCommand(string sql, params object[] values)
    {
        var command = database.CreateCommand(sql);
        foreach (var (index, value) in values.Index())
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ($"p{index}", value);
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
