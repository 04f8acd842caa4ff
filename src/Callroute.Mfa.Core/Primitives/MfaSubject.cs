namespace Callroute.Mfa;

/// <summary>Names whose MFA a record holds: a user id, and a tenant where the application has several.</summary>
/// <remarks>
/// Compared ordinally, so <c>Ann</c> and <c>ann</c> are two subjects. Give an immutable surrogate key, never an e-mail
/// address or another name that a user may change: aliases of one user must arrive here as one id.
/// The default value has no user id and is refused by every method.
/// </remarks>
public readonly record struct MfaSubject
{
    /// <summary>The greatest length of a user id or a tenant, in UTF-16 characters.</summary>
    public const int MaximumLength = 400;

    /// <summary>Makes a subject.</summary>
    /// <param name="userId">1–400 characters of well-formed Unicode without control characters.</param>
    /// <param name="tenant">Null where there are no tenants, else as <paramref name="userId"/>.</param>
    /// <exception cref="ArgumentException">A part is empty, too long, or holds a control character or half a surrogate pair.</exception>
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
