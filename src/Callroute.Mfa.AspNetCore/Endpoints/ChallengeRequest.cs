using System.ComponentModel;

namespace Callroute.Mfa.AspNetCore;

/// <summary>The code of the MFA step.</summary>
internal sealed record ChallengeRequest(
    [property: Description("A code of an app, or a whole recovery code.")] string? Code = null,
    [property: Description(
        "Whether the user wants to be asked for no code in this browser for a while. It has no effect if the application does not allow "
        + "it, and for a client without cookies.")]
    bool RememberBrowser = false,
    [property: Description("For a client without cookies: the known-device token that it got, or null.")]
    string? KnownDevice = null) : ICodeRequest
{
    // The challenge holds the attempt of the sign-in.
    string? ICodeRequest.Attempt => null;

    // A filter of the application may log it.
    public override string ToString() => nameof(ChallengeRequest);
}
