using System.ComponentModel;

namespace Callroute.Mfa.AspNetCore;

/// <summary>The text that the user typed into the code field.</summary>
internal sealed record CodeRequest(
    [property: Description("A code of an app, or a whole recovery code; null if a change uses the session's own verification.")]
    string? Code = null,
    [property: Description("The attempt of the form: 32 random lower-case hexadecimal digits; null for a new one.")] string? Attempt = null,
    [property: Description("For a client without cookies: the known-device token that it got, or null.")]
    string? KnownDevice = null) : ICodeRequest
{
    // A filter of the application may log it.
    public override string ToString() => nameof(CodeRequest);
}
