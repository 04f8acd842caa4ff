using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Keeps the token of each user who wants to be asked for no code in this browser.</summary>
/// <remarks>It is neither written nor read unless <see cref="MfaOptions.RememberBrowserLifetime"/> is set.</remarks>
internal sealed class RememberedBrowserCookie(IOptions<MfaOptions> options, IOptions<MfaSignInOptions> signIn)
    : UserCookie(signIn.Value, "remembered", options.Value.RememberBrowserLifetime ?? TimeSpan.Zero)
{
    public bool IsOn => options.Value.RememberBrowserLifetime is not null;
}
