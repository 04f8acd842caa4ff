using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore.Identity.Registration;

/// <summary>The settings that fit Identity's pages.</summary>
internal sealed class MfaDefaults(IHostEnvironment environment) : IConfigureOptions<MfaOptions>
{
    private const int LongestIssuer = 40;

    public void Configure(MfaOptions options)
    {
        options.Issuer = CleanName(environment.ApplicationName);

        // The pages print codes in pairs, and show no replacement for a used one.
        options.Recovery.Count = 10;
        options.Recovery.RegenerateOnUse = false;
    }

    // An issuer may not contain a colon or a control character.
    private static string CleanName(string name)
    {
        var cleaned = string.Concat(name.Where(character => character != ':' && !char.IsControl(character))).Trim();
        return cleaned.Length <= LongestIssuer ? cleaned : cleaned[..LongestIssuer].Trim();
    }
}

/// <summary>The session of Identity, as the other parts of Callroute.Mfa find it.</summary>
internal sealed class MfaSignInDefaults(IOptions<IdentityOptions> identity) : IConfigureOptions<MfaSignInOptions>
{
    public void Configure(MfaSignInOptions options)
    {
        options.Scheme = IdentityConstants.ApplicationScheme;
        options.UserIdClaim = identity.Value.ClaimsIdentity.UserIdClaimType;
    }
}
