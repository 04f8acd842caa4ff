using Callroute.Mfa.Otp;

namespace Callroute.Mfa;

/// <summary>Describes a bound authenticator.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class AuthenticatorStatus
{
    internal AuthenticatorStatus(Guid id, string? name, DateTimeOffset createdAt, DateTimeOffset? lastUsedAt, TotpParameters parameters) =>
        (Id, Name, CreatedAt, LastUsedAt, Parameters) = (id, name, createdAt, lastUsedAt, parameters);

    /// <summary>The id of the authenticator.</summary>
    public Guid Id { get; }

    /// <summary>The user's name for it, or null.</summary>
    public string? Name { get; }

    /// <summary>
    /// The number that the app shows behind the account, such as 2 for <c>ann@example.com (2)</c>, because another authenticator of the
    /// user had the account. 0 for none.
    /// </summary>
    public int LabelNumber { get; internal init; }

    /// <summary>When it was bound, in UTC.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>When one of its codes was last accepted, in UTC.</summary>
    public DateTimeOffset? LastUsedAt { get; }

    /// <summary>The parameters of its codes.</summary>
    public TotpParameters Parameters { get; }

    /// <summary>Whether another system made it, so that its secret was outside this library. Replacing it ends this.</summary>
    public bool IsImported { get; internal init; }
}
