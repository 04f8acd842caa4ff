namespace Callroute.Mfa.AspNetCore;

/// <summary>What a person typed into the one field.</summary>
/// <param name="Code">A code of an app, or a whole recovery code; null where a change uses the session's own verification.</param>
internal sealed record CodeRequest(string? Code = null)
{
    // A filter of the application may log it.
    public override string ToString() => nameof(CodeRequest);
}
