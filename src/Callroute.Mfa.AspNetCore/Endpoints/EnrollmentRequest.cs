namespace Callroute.Mfa.AspNetCore;

/// <summary>A request to bind an authenticator.</summary>
/// <param name="Code">A code as proof; null for the first authenticator, and if the session has just been verified.</param>
/// <param name="Replaces">The authenticator that the new one replaces; null to add one.</param>
/// <param name="Name">The user's name for the authenticator.</param>
/// <param name="Attempt">The attempt of the form: 32 random lower-case hexadecimal digits; null for a new one.</param>
internal sealed record EnrollmentRequest(string? Code = null, Guid? Replaces = null, string? Name = null, string? Attempt = null)
    : IAttemptRequest
{
    // A filter of the application may log it.
    public override string ToString() => nameof(EnrollmentRequest);
}
