using Callroute.Mfa.Otp;

namespace Callroute.Mfa;

/// <summary>Tells what is known about a bound authenticator.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class AuthenticatorStatus
{
    internal AuthenticatorStatus(Guid id, string? name, DateTimeOffset createdAt, DateTimeOffset? lastUsedAt, TotpParameters parameters) =>
        (Id, Name, CreatedAt, LastUsedAt, Parameters) = (id, name, createdAt, lastUsedAt, parameters);

    /// <summary>Its id.</summary>
    public Guid Id { get; }

    /// <summary>What the user calls it, or null.</summary>
    public string? Name { get; }

    /// <summary>When it was bound, in UTC.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>When a code of it was last accepted, in UTC.</summary>
    public DateTimeOffset? LastUsedAt { get; }

    /// <summary>Its parameters.</summary>
    public TotpParameters Parameters { get; }
}
