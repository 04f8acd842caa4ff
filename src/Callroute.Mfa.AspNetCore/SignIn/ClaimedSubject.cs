using System.Security.Claims;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Reads from claims who the user is.</summary>
internal static class ClaimedSubject
{
    /// <returns>The user whom the first claims for id and tenant name; null if they name none.</returns>
    public static MfaSubject? Find(ClaimsPrincipal user, MfaSignInOptions options) =>
        TryCreate(user.FindFirst(options.UserIdClaim)?.Value, options.TenantClaim is { } type ? user.FindFirst(type)?.Value : null);

    /// <summary>Finds the one user of a request. A policy of two schemes has the identities of both, which may be of two users.</summary>
    /// <returns>
    /// The user whom every authenticated identity names. Null if one names nobody or another user, or if an identity that is not
    /// authenticated names another user.
    /// </returns>
    public static MfaSubject? FindOnly(ClaimsPrincipal user, MfaSignInOptions options)
    {
        var subjects = user.Identities.Where(identity => identity.IsAuthenticated)
            .Select(identity => Find(new ClaimsPrincipal(identity), options)).Distinct().ToArray();
        return subjects is [{ } only] && AddsNoOther(options.UserIdClaim, only.UserId) && AddsNoOther(options.TenantClaim, only.Tenant)
            ? only
            : null;

        // A claims transformation may add an identity that is not authenticated.
        bool AddsNoOther(string? type, string? value) => type is null || user.Identities
            .Where(identity => !identity.IsAuthenticated).SelectMany(identity => identity.FindAll(type)).All(claim => claim.Value == value);
    }

    /// <returns>The user; null if no user can have this id and this tenant.</returns>
    public static MfaSubject? TryCreate(string? userId, string? tenant)
    {
        try
        {
            return string.IsNullOrEmpty(userId) ? null : new MfaSubject(userId, tenant);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
