using System.ComponentModel;

namespace Callroute.Mfa.AspNetCore;

/// <summary>A user, as the application's row describes them.</summary>
internal sealed record UserResponse(
    [property: Description("The user's id.")] string UserId,
    [property: Description("The user's tenant; null if there are no tenants.")] string? Tenant,
    [property: Description("The name that authenticator apps show; null if the user may not sign in now.")] string? AccountName,
    [property: Description("Whether the user must have MFA; null if the user may not sign in now.")] bool? IsMfaRequired,
    [property: Description("Whether the application's row says that the user is enrolled; null if the user may not sign in now.")]
    bool? IsEnrolled)
{
    public static UserResponse From((MfaSubject Subject, MfaUser? Row) found) => new(
        found.Subject.UserId,
        found.Subject.Tenant,
        found.Row?.AccountName,
        found.Row is null ? null : found.Row.Policy == MfaPolicy.Required,
        found.Row?.IsEnrolled);
}
