namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>
/// The set-up that this browser has begun. A reload and a second tab show it again, instead of beginning another one, which would end it.
/// </summary>
internal sealed record PendingSetUp(Guid EnrollmentId, Guid? Replaces);
