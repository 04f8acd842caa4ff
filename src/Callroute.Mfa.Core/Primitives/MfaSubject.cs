namespace Callroute.Mfa;

/// <summary>Identifies the user whose MFA a record holds: a user id, and a tenant if the application has several.</summary>
/// <remarks>
/// Equality is ordinal, so <c>Ann</c> and <c>ann</c> are two subjects. Use an immutable key of the user, not an e-mail address or a
/// name that can change; map all aliases of a user to that one key. Immutable and thread-safe.
/// The default value has no user id, and every method refuses it.
/// </remarks>
public readonly record struct MfaSubject
{
    /// <summary>The maximum length of a user id or a tenant: 400 UTF-16 characters.</summary>
    public const int MaximumLength = 400;

    /// <summary>Creates a subject.</summary>
    /// <param name="userId">1–400 characters of well-formed Unicode without control characters.</param>
    /// <param name="tenant">Null if there are no tenants; otherwise the same form as <paramref name="userId"/>.</param>
    /// <exception cref="ArgumentException">
    /// A part is empty or too long, or it contains a control character or an unpaired surrogate.
    /// </exception>
    public MfaSubject(string userId, string? tenant = null)
    {
        UserId = Guard.Text(userId, MaximumLength);
        Tenant = tenant is null ? null : Guard.Text(tenant, MaximumLength);
    }

    /// <summary>The user's id; null only in the default value.</summary>
    public string UserId { get; }

    /// <summary>The tenant, or null.</summary>
    public string? Tenant { get; }
}
