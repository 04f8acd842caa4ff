using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Identity;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Refuses to start if no user could be signed in, and warns if a signed-in user would not be recognised.</summary>
internal sealed class SchemeCheck(
    IAuthenticationSchemeProvider schemes, AuthenticationOptions authentication, MfaSignInOptions options)
{
    private const string Setting = $"{nameof(MfaSignInOptions)}.{nameof(MfaSignInOptions.Scheme)}";

    private const string Add = "Add one: services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie().";

    // AddIdentityApiEndpoints makes it the default. It reads the cookie of Identity.Application too, and signs in with tokens only.
    private const string IdentityApi = "Identity.BearerAndApplication";

    /// <returns>Warnings.</returns>
    /// <exception cref="InvalidOperationException">The schemes are wrong.</exception>
    public async Task<IEnumerable<string>> FindWarningsAsync()
    {
        var authenticate = await schemes.GetDefaultAuthenticateSchemeAsync().ConfigureAwait(false);
        var signIn = options.Scheme is { } name
            ? await schemes.GetSchemeAsync(name).ConfigureAwait(false)
                ?? throw Refusal($"{Setting}: there is no authentication scheme '{name}'. {await AdviceAsync().ConfigureAwait(false)}")
            : await schemes.GetDefaultSignInSchemeAsync().ConfigureAwait(false)
                ?? throw Refusal(
                    "There is no default authentication scheme to sign users in with. "
                    + ((authentication.DefaultSignInScheme ?? authentication.DefaultScheme) is { } missing
                            ? $"AddAuthentication names '{missing}', which nothing adds: call AddCookie() on it."
                        : await CandidateAsync().ConfigureAwait(false) is { } one ? $"Name it: AddAuthentication(\"{one}\")."
                        : Add));
        if (!SignsIn(signIn))
        {
            throw Refusal(
                $"The authentication scheme '{signIn.Name}' cannot sign in: it keeps no session as a cookie does. "
                + await AdviceAsync().ConfigureAwait(false));
        }

        await CheckBearerAsync().ConfigureAwait(false);
        return IsRecognised(signIn, authenticate) ? [] : [Unrecognised(signIn, authenticate)];
    }

    // A scheme that reads cookies too would let other sites send requests with them.
    private async Task CheckBearerAsync()
    {
        if (options.BearerScheme is { } name
            && !typeof(SignInAuthenticationHandler<BearerTokenOptions>).IsAssignableFrom(
                (await schemes.GetSchemeAsync(name).ConfigureAwait(false))?.HandlerType))
        {
            throw Refusal(
                $"{nameof(MfaSignInOptions)}.{nameof(MfaSignInOptions.BearerScheme)} must be a scheme of AddBearerToken, was '{name}'. "
                + $"Call services.AddAuthentication().AddBearerToken() and set it to '{BearerTokenDefaults.AuthenticationScheme}'.");
        }
    }

    private static bool IsRecognised(AuthenticationScheme signIn, AuthenticationScheme? authenticate) =>
        signIn.Name == authenticate?.Name && signIn.Name != IdentityApi
        || (signIn.Name == IdentityConstants.ApplicationScheme && authenticate?.Name == IdentityApi);

    // The scheme that recognises users is the one to sign in with, if it can.
    private static string Unrecognised(AuthenticationScheme signIn, AuthenticationScheme? authenticate) =>
        $"Users are signed in by the scheme '{signIn.Name}' and recognised by '{authenticate?.Name ?? "none"}', so authorization does not "
        + "see them unless a policy names the scheme or one forwards to the other. "
        + (authenticate?.Name == IdentityApi ? $"Set {Setting} to '{IdentityConstants.ApplicationScheme}'."
            : authenticate is not null && SignsIn(authenticate) ? $"Set {Setting} to '{authenticate.Name}'."
            : $"Set AuthenticationOptions.DefaultAuthenticateScheme to '{signIn.Name}'.");

    private static bool SignsIn(AuthenticationScheme scheme) => typeof(IAuthenticationSignInHandler).IsAssignableFrom(scheme.HandlerType);

    private async Task<string> AdviceAsync() =>
        await CandidateAsync().ConfigureAwait(false) is { } name ? $"Set {Setting} to '{name}'." : $"{Add} Then set {Setting} to it.";

    // Identity has several cookies. Only this one is the session.
    private async Task<string?> CandidateAsync()
    {
        var names = (await schemes.GetAllSchemesAsync().ConfigureAwait(false)).Where(SignsIn).Select(scheme => scheme.Name).ToArray();
        return names.Contains(IdentityConstants.ApplicationScheme, StringComparer.Ordinal)
            ? IdentityConstants.ApplicationScheme
            : names.FirstOrDefault();
    }

    private static InvalidOperationException Refusal(string message) => new(message);
}
