using System.ComponentModel;

namespace Callroute.Mfa.AspNetCore;

/// <summary>A user, as the application's row describes them.</summary>
internal sealed record UserResponse(
    [property: Description("The user's id.")] string UserId,
    [property: Description("The user's tenant; null if there are no tenants.")] string? Tenant,
    [property: Description("The name that authenticator apps show.")] string AccountName,
    [property: Description("Whether the user must have MFA.")] bool IsMfaRequired,
    [property: Description("Whether the application's row says that the user is enrolled.")] bool IsEnrolled)
{
    public static UserResponse From(MfaSubject subject, MfaUser user) =>
        new(subject.UserId, subject.Tenant, user.AccountName, user.Policy == MfaPolicy.Required, user.IsEnrolled);
}
