using Microsoft.AspNetCore.Authentication;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Refuses to start if no user could be signed in, or if a half-signed-in user would count as signed in.</summary>
internal sealed class SchemeCheck(IAuthenticationSchemeProvider schemes, MfaSignInOptions options)
{
    private const string Setting = $"{nameof(MfaSignInOptions)}.{nameof(MfaSignInOptions.Scheme)}";

    private const string Add = "Add one: services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie().";

    /// <returns>Warnings.</returns>
    /// <exception cref="InvalidOperationException">The schemes are wrong.</exception>
    public async Task<IEnumerable<string>> FindWarningsAsync()
    {
        // A single scheme is the default: without another one, the challenge would count as the sign-in.
        var authenticate = Real(await schemes.GetDefaultAuthenticateSchemeAsync().ConfigureAwait(false), "authenticate");
        var signIn = Real(await schemes.GetDefaultSignInSchemeAsync().ConfigureAwait(false), "sign in");
        return options.Scheme is { } name
            ? OfNamed(
                Real(await schemes.GetSchemeAsync(name).ConfigureAwait(false), "sign in")
                ?? throw Refusal($"{Setting}: there is no authentication scheme '{name}'. {Add}"),
                authenticate)
            : OfDefault(authenticate, signIn);
    }

    private static IEnumerable<string> OfNamed(AuthenticationScheme named, AuthenticationScheme? authenticate)
    {
        RefuseUnlessItSignsIn(named);
        return authenticate?.Name == named.Name
            ? []
            :
            [
                $"{Setting} is '{named.Name}', and the default scheme is '{authenticate?.Name ?? "none"}': authorization does not see "
                + "users who were signed in here unless a policy names the scheme. "
                + $"Make it the default: AddAuthentication(\"{named.Name}\").",
            ];
    }

    private static IEnumerable<string> OfDefault(AuthenticationScheme? authenticate, AuthenticationScheme? signIn)
    {
        if (authenticate is null || signIn is null)
        {
            throw Refusal(
                $"There is no default authentication scheme to sign users in with. {Add} "
                + $"If there are several, name the default in AddAuthentication, or set {Setting}.");
        }

        RefuseUnlessItSignsIn(signIn);
        return authenticate.Name == signIn.Name
            ? []
            :
            [
                $"Users are signed in by the scheme '{signIn.Name}' and recognised by '{authenticate.Name}'. "
                + $"Set {Setting} to '{signIn.Name}', unless one forwards to the other.",
            ];
    }

    private static void RefuseUnlessItSignsIn(AuthenticationScheme scheme)
    {
        if (!typeof(IAuthenticationSignInHandler).IsAssignableFrom(scheme.HandlerType))
        {
            throw Refusal(
                $"The authentication scheme '{scheme.Name}' cannot sign in: it keeps no session as a cookie does. {Add} "
                + $"Then set {Setting} to it.");
        }
    }

    private static AuthenticationScheme? Real(AuthenticationScheme? scheme, string use) => scheme?.Name == MfaChallenge.Scheme
        ? throw Refusal(
            $"The scheme of half-signed-in users, '{MfaChallenge.Scheme}', is the scheme to {use}, so a password alone would do. {Add}")
        : scheme;

    private static InvalidOperationException Refusal(string message) => new(message);
}
