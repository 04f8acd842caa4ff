using System.ComponentModel;

namespace Callroute.Mfa.AspNetCore;

/// <summary>A request to bind an authenticator.</summary>
internal sealed record EnrollmentRequest(
    [property: Description("A code as proof; null for the first authenticator, and if the session has just been verified.")]
    string? Code = null,
    [property: Description("The authenticator that the new one replaces; null to add one.")] Guid? Replaces = null,
    [property: Description("The user's name for the authenticator.")] string? Name = null,
    [property: Description("The attempt of the form: 32 random lower-case hexadecimal digits; null for a new one.")] string? Attempt = null,
    [property: Description("For a client without cookies: the known-device token that it got, or null.")]
    string? KnownDevice = null) : ICodeRequest
{
    // A filter of the application may log it.
    public override string ToString() => nameof(EnrollmentRequest);
}
