using Callroute.Mfa;
using Microsoft.AspNetCore.Identity;

namespace Callroute.Portal.Users;

/// <summary>The first factor: addresses and passwords, hashed by the framework.</summary>
internal sealed class Accounts(UserTable users, PasswordHasher<PortalUser> hasher)
{
    public const int ShortestPassword = 12;
    public const int LongestPassword = 128;
    public const int LongestEmail = 254;

    private static readonly PortalUser Nobody = new(
        string.Empty, string.Empty, string.Empty, string.Empty, MfaPolicy.Optional, IsEnrolled: false, string.Empty);

    // A hash of no password: an unknown address costs the same work as a wrong password.
    private readonly string _decoy = hasher.HashPassword(Nobody, Guid.NewGuid().ToString());

    /// <returns>Whose password it is; null where address or password are wrong, which of them is not told.</returns>
    public async Task<MfaSubject?> CheckAsync(string? email, string? password, CancellationToken cancellationToken)
    {
        var user = await users.FindByAsync("email", Normalize(email), cancellationToken);
        var isRight = password?.Length <= LongestPassword
            && hasher.VerifyHashedPassword(user ?? Nobody, user?.PasswordHash ?? _decoy, password) != PasswordVerificationResult.Failed;
        return isRight && user is not null ? new MfaSubject(user.Id) : null;
    }

    /// <returns>The new user; null where the address is taken.</returns>
    public async Task<MfaSubject?> RegisterAsync(string email, string name, string password)
    {
        var (id, hash) = (Guid.CreateVersion7().ToString("N"), hasher.HashPassword(Nobody, password));
        var user = new PortalUser(id, Normalize(email), Printable(name), hash, MfaPolicy.Optional, false, UserTable.NewStamp());
        return await users.TryAddAsync(user) ? new MfaSubject(user.Id) : null;
    }

    /// <returns>The address as it is in the users' table; empty where no user can have it.</returns>
    /// <remarks>No database keeps every control character, and nobody's address or name has one.</remarks>
    public static string Normalize(string? email) =>
        email is null or { Length: > LongestEmail } || email.Any(char.IsControl) ? string.Empty : email.Trim().ToLowerInvariant();

    private static string Printable(string name) => string.Concat(name.Where(character => !char.IsControl(character))).Trim();
}

/// <summary>A row of the users' table. A new stamp, which is in every session of the user, ends them all.</summary>
public sealed record PortalUser(
    string Id, string Email, string Name, string PasswordHash, MfaPolicy Policy, bool IsEnrolled, string Stamp);
