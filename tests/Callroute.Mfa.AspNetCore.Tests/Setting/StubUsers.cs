using System.Security.Claims;

namespace Callroute.Mfa.AspNetCore.Tests.Setting;

/// <summary>A table with one user, which a test can empty or break.</summary>
internal sealed class StubUsers : IMfaUsers
{
    private bool _isRequired;

    public bool IsGone { get; set; }

    /// <summary>Whether every write fails.</summary>
    public bool IsBroken { get; set; }

    public IReadOnlyCollection<Claim> Claims { get; init; } = [];

    public ValueTask<MfaUser?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        new(IsGone ? null : new MfaUser { AccountName = "ann@example.com", IsMfaRequired = _isRequired, Claims = Claims });

    public ValueTask SetMfaRequiredAsync(MfaSubject subject, bool isRequired, CancellationToken cancellationToken = default)
    {
        _isRequired = IsBroken ? throw new TimeoutException() : isRequired;
        return ValueTask.CompletedTask;
    }
}
