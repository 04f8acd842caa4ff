using System.Collections.Concurrent;
using Callroute.Mfa.AspNetCore;
using Microsoft.AspNetCore.Identity;

namespace Callroute.Mfa.MinimalApi;

/// <summary>Two users in memory. An application has its own table of users.</summary>
internal sealed class Users : IMfaUsers
{
    private readonly PasswordHasher<string> _hasher = new();
    private readonly Dictionary<string, string> _hashes;
    private readonly string _hashOfNobody;
    private readonly ConcurrentDictionary<string, bool> _isEnrolled = new();

    public Users()
    {
        _hashes = new() { ["ann"] = _hasher.HashPassword("ann", "correct horse"), ["bob"] = _hasher.HashPassword("bob", "battery staple") };
        _hashOfNobody = _hasher.HashPassword(string.Empty, Guid.NewGuid().ToString());
    }

    /// <summary>Finds a user by name and password. An unknown name takes as long as a wrong password.</summary>
    /// <returns>The user's id, or null. Here the id is the name; in an application it is a key that never changes.</returns>
    public string? FindByPassword(string? name, string? password)
    {
        var hash = _hashes.GetValueOrDefault(name ?? string.Empty);
        var result = _hasher.VerifyHashedPassword(name ?? string.Empty, hash ?? _hashOfNobody, password ?? string.Empty);
        return result != PasswordVerificationResult.Failed && hash is not null ? name : null;
    }

    public ValueTask<MfaUser?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        new(!_hashes.ContainsKey(subject.UserId) ? null : new MfaUser
        {
            AccountName = $"{subject.UserId}@example.com",
            Policy = MfaPolicy.Optional,
            IsEnrolled = _isEnrolled.GetValueOrDefault(subject.UserId),
        });

    public ValueTask SetEnrolledAsync(MfaSubject subject, bool isEnrolled, CancellationToken cancellationToken = default)
    {
        _isEnrolled[subject.UserId] = isEnrolled;
        return ValueTask.CompletedTask;
    }
}
