namespace Callroute.Mfa.AspNetCore;

/// <summary>The text that the user typed into the code field.</summary>
/// <param name="Code">A code of an app, or a whole recovery code; null if a change uses the session's own verification.</param>
internal sealed record CodeRequest(string? Code = null)
{
    // A filter of the application may log it.
    public override string ToString() => nameof(CodeRequest);
}
