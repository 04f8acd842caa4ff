using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore.Identity.Registration;

/// <summary>The settings that fit Identity's pages, and the session of Identity, as the other parts of Callroute.Mfa find it.</summary>
internal sealed class MfaDefaults(IHostEnvironment environment, IOptions<IdentityOptions> identity)
    : IConfigureOptions<MfaOptions>, IConfigureOptions<MfaSignInOptions>
{
    public void Configure(MfaOptions options)
    {
        options.Issuer = environment.ApplicationName;

        // The pages print codes in pairs, and show no replacement for a used one.
        options.Recovery.Count = 10;
        options.Recovery.RegenerateOnUse = false;

        // Hashing ten codes takes about a second, and several on a busy machine.
        options.CallTimeout = TimeSpan.FromSeconds(15);
    }

    public void Configure(MfaSignInOptions options)
    {
        options.Scheme = IdentityConstants.ApplicationScheme;
        options.UserIdClaim = identity.Value.ClaimsIdentity.UserIdClaimType;
    }
}
