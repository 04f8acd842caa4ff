namespace Callroute.Mfa.AspNetCore;

/// <summary>The text that the user typed into the code field.</summary>
/// <param name="Code">A code of an app, or a whole recovery code; null if a change uses the session's own verification.</param>
/// <param name="Attempt">The attempt of the form: 32 random lower-case hexadecimal digits; null for a new one.</param>
internal sealed record CodeRequest(string? Code = null, string? Attempt = null) : IAttemptRequest
{
    // A filter of the application may log it.
    public override string ToString() => nameof(CodeRequest);
}
