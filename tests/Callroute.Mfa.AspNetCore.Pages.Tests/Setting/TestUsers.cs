using System.Collections.Concurrent;

namespace Callroute.Mfa.AspNetCore.Pages.Tests.Setting;

/// <summary>A table in which every name but "nobody" is a user. Ann is an administrator.</summary>
internal sealed class TestUsers : IMfaUsers
{
    private readonly ConcurrentDictionary<string, bool> _enrolled = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Administrators { get; set; } = ["ann"];

    public MfaPolicy Policy { get; set; } = MfaPolicy.Optional;

    /// <summary>The security stamp of every user.</summary>
    public string? Stamp { get; set; }

    /// <summary>The user who may not sign in.</summary>
    public string? Locked { get; set; }

    /// <summary>Whether sessions cannot be ended.</summary>
    public bool IsBroken { get; set; }

    public ValueTask AfterResetAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        IsBroken ? throw new TimeoutException() : ValueTask.CompletedTask;

    public ValueTask<MfaUser?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        new(subject.UserId == "nobody" || subject.UserId == Locked ? null : RowOf(subject));

    private MfaUser RowOf(MfaSubject subject) => new()
    {
        AccountName = $"{subject.UserId}@example.com",
        Policy = Policy,
        SecurityStamp = Stamp,
        IsEnrolled = _enrolled.GetValueOrDefault(subject.UserId),
        Claims = Administrators.Contains(subject.UserId) ? [new("role", "administrator")] : [],
    };

    public ValueTask<IReadOnlyList<MfaSubject>> SearchAsync(
        string text, string? tenant, CancellationToken cancellationToken = default) =>
        new(text == "nobody" ? [] : [new(text, tenant), new($"other-{text}", "elsewhere")]);

    public ValueTask SetEnrolledAsync(MfaSubject subject, bool isEnrolled, CancellationToken cancellationToken = default)
    {
        _enrolled[subject.UserId] = isEnrolled;
        return ValueTask.CompletedTask;
    }
}
