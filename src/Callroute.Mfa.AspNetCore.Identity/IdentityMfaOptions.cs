using System.Security.Claims;

namespace Callroute.Mfa.AspNetCore.Identity;

/// <summary>Holds the choices of an application for <see cref="IdentityMfaBuilderExtensions.AddCallrouteMfa"/>.</summary>
/// <remarks>Not thread-safe. Set it only in the callback.</remarks>
public sealed class IdentityMfaOptions
{
    internal IdentityMfaOptions(IMfaBuilder mfa) => Mfa = mfa;

    /// <summary>
    /// Chooses another store, protector or hasher. Without a choice, records are in the <c>DbContext</c> of Identity's own store, Data
    /// Protection encrypts secrets, and Argon2id hashes recovery codes.
    /// </summary>
    public IMfaBuilder Mfa { get; }

    /// <summary>
    /// Decides who must have MFA, from the claims and the roles of the user. A session keeps its claims until Identity refreshes them, for
    /// 30 minutes by default.
    /// </summary>
    /// <value>The default is null: nobody must have MFA, except by the two other properties.</value>
    public Func<ClaimsPrincipal, bool>? RequiredFor { get; set; }

    /// <summary>The role whose members must have MFA. The application does not start if its user store has no roles.</summary>
    /// <value>The default is null.</value>
    public string? RequiredRole { get; set; }

    /// <summary>The type of a claim; every user with such a claim must have MFA.</summary>
    /// <value>The default is null.</value>
    public string? RequiredClaim { get; set; }

    /// <summary>
    /// Whether Identity's own tables get new keys and recovery codes too, in plain text, so that the application works without this package
    /// if the line is removed again.
    /// </summary>
    /// <value>The default is false. Set it to true only while you move the users of an application that has users with MFA.</value>
    public bool KeepIdentityRows { get; set; }

    /// <summary>Whether nobody must have MFA, so that the user's roles and claims need not be read.</summary>
    internal bool IsOptional => RequiredFor is null && RequiredRole is null && RequiredClaim is null;

    /// <summary>Whether the user must have MFA.</summary>
    internal MfaPolicy PolicyOf(ClaimsPrincipal user) =>
        RequiredFor?.Invoke(user) == true
        || (RequiredRole is not null && user.IsInRole(RequiredRole))
        || (RequiredClaim is not null && user.HasClaim(claim => claim.Type == RequiredClaim))
            ? MfaPolicy.Required
            : MfaPolicy.Optional;
}
