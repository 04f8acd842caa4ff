namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>
/// The set-up that this browser has begun. A reload and a second tab show it again, instead of beginning another one, which would end it.
/// </summary>
/// <param name="EnrollmentId">The enrolment.</param>
/// <param name="Replaces">The authenticator that the new one replaces; null to add one.</param>
/// <param name="Owner">The session that began it. Another one in this browser, such as a thief's, must not see the secret.</param>
internal sealed record PendingSetUp(Guid EnrollmentId, Guid? Replaces, string? Owner);
