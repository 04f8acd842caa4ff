namespace Callroute.Mfa.AspNetCore;

/// <summary>A request to bind an authenticator.</summary>
/// <param name="Code">A code as proof; null for the first authenticator, and if the session has just been verified.</param>
/// <param name="Replaces">The authenticator that the new one replaces; null to add one.</param>
/// <param name="Name">The user's name for the authenticator.</param>
internal sealed record EnrollmentRequest(string? Code = null, Guid? Replaces = null, string? Name = null)
{
    // A filter of the application may log it.
    public override string ToString() => nameof(EnrollmentRequest);
}
