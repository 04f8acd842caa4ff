using Callroute.Mfa.AspNetCore;
using Microsoft.AspNetCore.Identity;

namespace Callroute.Mfa.MinimalApi;

/// <summary>Two users in memory. An application has its own table of users.</summary>
internal sealed class Users : IMfaUsers
{
    private readonly PasswordHasher<string> _hasher = new();
    private readonly Dictionary<string, Row> _rows;
    private readonly string _hashOfNobody;

    public Users()
    {
        _rows = new()
        {
            ["ann"] = new() { PasswordHash = _hasher.HashPassword("ann", "correct horse") },
            ["bob"] = new() { PasswordHash = _hasher.HashPassword("bob", "battery staple") },
        };
        _hashOfNobody = _hasher.HashPassword(string.Empty, Guid.NewGuid().ToString());
    }

    /// <summary>Finds a user by name and password. An unknown name takes as long as a wrong password.</summary>
    /// <returns>The user's id, or null. Here the id is the name; in an application it is a key that never changes.</returns>
    public string? FindByPassword(string? name, string? password)
    {
        var hash = _rows.GetValueOrDefault(name ?? string.Empty)?.PasswordHash;
        var result = _hasher.VerifyHashedPassword(name ?? string.Empty, hash ?? _hashOfNobody, password ?? string.Empty);
        return result != PasswordVerificationResult.Failed && hash is not null ? name : null;
    }

    public ValueTask<MfaUser?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        new(!_rows.TryGetValue(subject.UserId, out var row) ? null : new MfaUser
        {
            AccountName = $"{subject.UserId}@example.com",
            Policy = row.Policy,
            IsEnrolled = row.IsEnrolled,
        });

    public ValueTask SetEnrolledAsync(MfaSubject subject, bool isEnrolled, CancellationToken cancellationToken = default)
    {
        if (_rows.TryGetValue(subject.UserId, out var row))
        {
            row.IsEnrolled = isEnrolled;
        }

        return ValueTask.CompletedTask;
    }

    private sealed class Row
    {
        public required string PasswordHash { get; init; }

        /// <summary>Only the application writes it. Required: the user must have MFA.</summary>
        public MfaPolicy Policy { get; init; } = MfaPolicy.Optional;

        /// <summary>Only <see cref="SetEnrolledAsync"/> writes it.</summary>
        public bool IsEnrolled { get; set; }
    }
}
