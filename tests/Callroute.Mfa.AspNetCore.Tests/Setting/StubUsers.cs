using System.Security.Claims;

namespace Callroute.Mfa.AspNetCore.Tests.Setting;

/// <summary>A table with one user, which a test can empty or break.</summary>
internal sealed class StubUsers : IMfaUsers
{
    public bool IsGone { get; set; }

    /// <summary>Whether every write fails.</summary>
    public bool IsBroken { get; set; }

    public MfaPolicy Policy { get; set; } = MfaPolicy.Optional;

    public bool IsEnrolled { get; private set; }

    public string? Issuer { get; set; }

    public string? SecurityStamp { get; set; }

    public IReadOnlyCollection<Claim> Claims { get; init; } = [];

    public ValueTask<MfaUser?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        new(IsGone ? null : new MfaUser
        {
            AccountName = "ann@example.com",
            Issuer = Issuer,
            Policy = Policy,
            IsEnrolled = IsEnrolled,
            SecurityStamp = SecurityStamp,
            Claims = Claims,
        });

    public ValueTask SetEnrolledAsync(MfaSubject subject, bool isEnrolled, CancellationToken cancellationToken = default)
    {
        IsEnrolled = IsBroken ? throw new TimeoutException() : isEnrolled;
        return ValueTask.CompletedTask;
    }
}
