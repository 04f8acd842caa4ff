namespace Callroute.Mfa.AspNetCore;

/// <summary>The code of the MFA step.</summary>
/// <param name="Code">A code of an app, or a whole recovery code.</param>
/// <param name="RememberBrowser">
/// Whether the user wants to be asked for no code in this browser for a while. It has no effect if the application does not allow it.
/// </param>
internal sealed record ChallengeRequest(string? Code = null, bool RememberBrowser = false)
{
    // A filter of the application may log it.
    public override string ToString() => nameof(ChallengeRequest);
}
