using System.Globalization;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Finds settings that are right on a developer's machine and wrong in production.</summary>
internal sealed class DeploymentCheck(IServiceProvider services)
{
    private const double TolerableChance = 0.002;

    private bool IsDevelopment => services.GetRequiredService<IHostEnvironment>().IsDevelopment();

    /// <returns>One warning for each.</returns>
    public async Task<IEnumerable<string>> FindWarningsAsync() =>
        IsDevelopment ? Guesses() : [.. Store(), .. Keys(), .. await CookieAsync().ConfigureAwait(false), .. Guesses()];

    private IEnumerable<string> Store() => services.GetRequiredService<IMfaStore>() is InMemoryMfaStore
        ? [
            "MFA records are kept in memory: a restart loses them, and each node has its own, so that a code works once on each node. "
            + "Call UseSql, UseEntityFramework or UseRedis.",
        ]
        : [];

    private IEnumerable<string> Keys()
    {
        if (services.GetRequiredService<ISecretProtector>() is not DataProtectionSecretProtector)
        {
            return [];
        }

        return services.GetRequiredService<IDataProtectionProvider>() is EphemeralDataProtectionProvider
            ? [
                "Data Protection keeps its keys in memory: after a restart no authenticator verifies. "
                + "Call AddDataProtection().PersistKeysTo… and SetApplicationName, not UseEphemeralDataProtectionProvider.",
            ]
            : services.GetRequiredService<IOptions<KeyManagementOptions>>().Value.XmlRepository is null
            ? [
                "Data Protection keeps its keys where the framework puts them by default. In a container a restart loses them, and nodes "
                + "do not share them: then no authenticator verifies. Call AddDataProtection().PersistKeysTo… and SetApplicationName.",
            ]
            : [];
    }

    private async Task<IEnumerable<string>> CookieAsync()
    {
        var schemes = services.GetRequiredService<IAuthenticationSchemeProvider>();
        var scheme = services.GetRequiredService<IOptions<MfaSignInOptions>>().Value.Scheme is { } name
            ? await schemes.GetSchemeAsync(name).ConfigureAwait(false)
            : await schemes.GetDefaultSignInSchemeAsync().ConfigureAwait(false);
        return scheme?.HandlerType == typeof(CookieAuthenticationHandler)
            && services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(scheme.Name).Cookie is { } cookie
            && (cookie.SecurePolicy == CookieSecurePolicy.None || cookie.SameSite == SameSiteMode.None || !cookie.HttpOnly)
            ? [
                $"The sign-in cookie of the scheme '{scheme.Name}' goes over plain HTTP, to other sites' requests or to scripts. "
                + "Leave its SecurePolicy, SameSite and HttpOnly at their defaults, or make them stricter.",
            ]
            : [];
    }

    private IEnumerable<string> Guesses()
    {
        var chance = services.GetRequiredService<IOptions<MfaOptions>>().Value.GuessingChance;
        return chance > TolerableChance
            ? [
                "An attacker who knows a user's password and holds a token of a known device may guess a code within a year with a chance "
                + $"of up to {chance.ToString("P2", CultureInfo.InvariantCulture)}; with the defaults it is 0.18 %. "
                + "Raise Digits or TotpThrottle.AllowanceRegainInterval, or lower TotpThrottle.FailureAllowance, MaximumAuthenticators, "
                + "PastSteps or FutureSteps.",
            ]
            : [];
    }
}
