namespace Callroute.Mfa.AspNetCore;

/// <summary>A user, as the application's row describes them.</summary>
internal sealed record UserResponse(string UserId, string? Tenant, string AccountName, bool IsMfaRequired, bool IsEnrolled)
{
    public static UserResponse From(MfaSubject subject, MfaUser user) =>
        new(subject.UserId, subject.Tenant, user.AccountName, user.Policy == MfaPolicy.Required, user.IsEnrolled);
}
