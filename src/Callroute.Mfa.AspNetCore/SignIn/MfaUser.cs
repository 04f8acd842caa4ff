using System.Security.Claims;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Describes one of the application's users.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class MfaUser
{
    /// <summary>The account as authenticator apps show it, such as an e-mail address.</summary>
    public required string AccountName { get; init; }

    /// <summary>
    /// The application's name as authenticator apps show it, for example the name of the user's tenant; null for
    /// <see cref="MfaOptions.Issuer"/>. A colon becomes <c>_</c>, control and invisible characters are removed, and the first 100
    /// characters are used.
    /// </summary>
    public string? Issuer { get; init; }

    /// <summary>Whether the user must have MFA, from the user's own row. Only the application writes it.</summary>
    public required MfaPolicy Policy { get; init; }

    /// <summary>Whether the user is enrolled, from the user's own row, as <see cref="IMfaUsers.SetEnrolledAsync"/> stored it.</summary>
    public required bool IsEnrolled { get; init; }

    /// <summary>
    /// The claims of the signed-in user, such as name and roles. The sign-in adds the id, the tenant and the claims of
    /// <see cref="MfaClaims"/> itself, and drops them here. A session has no other claims: it is written again when its user passes MFA
    /// again. The session takes the claim types for name and role from the <see cref="Claim.Subject"/> of the first claim that has one;
    /// otherwise they are those of .NET.
    /// </summary>
    public IReadOnlyCollection<Claim> Claims { get; init; } = [];

    /// <summary>
    /// A value of the user's own row that changes with the password, such as Identity's security stamp; null if there is none. If it
    /// changes between the first factor and the MFA step, the user must begin again at the first factor.
    /// </summary>
    public string? SecurityStamp { get; init; }

    /// <summary>Whether the user may not be signed in by the password alone, except to enrol.</summary>
    internal bool MustPassMfa => IsEnrolled || Policy != MfaPolicy.Optional;
}
