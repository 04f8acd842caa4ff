using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Reports each wrong setting of the sign-in when the application starts.</summary>
internal sealed partial class MfaSignInOptionsValidator(IConfiguration configuration) : IValidateOptions<MfaSignInOptions>
{
    private const string Root = nameof(MfaSignInOptions);

    private static readonly TimeSpan ShortestChallenge = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestChallenge = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, MfaSignInOptions options)
    {
        string?[] findings =
        [
            ChallengeLifetime(options.ChallengeLifetime), UserIdClaim(options), TenantClaim(options), .. Cookie(options),
            OriginText(), .. options.AllowedOrigins.Select(Origin),
        ];
        string[] failures = [.. findings.OfType<string>()];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static string? ChallengeLifetime(TimeSpan lifetime) => lifetime >= ShortestChallenge && lifetime <= LongestChallenge
        ? null
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{Root}.{nameof(ChallengeLifetime)} must be {ShortestChallenge}–{LongestChallenge}, was {lifetime}.");

    private static IEnumerable<string?> Cookie(MfaSignInOptions options)
    {
        const string HostOnly = "__Host-";
        yield return CookieNames().IsMatch(options.CookieName ?? string.Empty)
            ? null
            : $"{Root}.{nameof(options.CookieName)} must be 1–64 letters, digits, or - _ ., was '{options.CookieName}'.";
        yield return !CookiePaths().IsMatch(options.CookiePath ?? string.Empty)
                ? $"{Root}.{nameof(options.CookiePath)} must begin with / and have no space, comma or semicolon, "
                    + $"was '{options.CookiePath}'."
            : options.CookiePath != "/" && options.CookieName?.StartsWith(HostOnly, StringComparison.OrdinalIgnoreCase) == true
                ? $"Browsers drop a cookie that begins with {HostOnly} and whose path is not /. Set {Root}.{nameof(options.CookieName)} to "
                    + $"another name, or leave {nameof(options.CookiePath)} at /, was '{options.CookieName}' with '{options.CookiePath}'."
            : null;
    }

    // The text is compared with the header of the browser, so it must be in the browser's form.
    private static string? Origin(string? origin) =>
        origin is not null && Origins().IsMatch(origin) && Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri.GetLeftPart(UriPartial.Authority) == origin && (uri.Scheme != Uri.UriSchemeHttp || uri.IsLoopback)
            ? null
            : $"{Root}.{nameof(MfaSignInOptions.AllowedOrigins)} takes exact origins in lower case, without path, final slash, wildcard or "
                + "default port, such as https://app.example.com; http only for this machine, such as http://localhost:3000. "
                + $"Was '{origin}'.";

    // If the setting is a text instead of a list, the configuration binder leaves the list empty and reports nothing.
    private string? OriginText() =>
        string.IsNullOrEmpty(configuration[$"{MfaSignInOptions.Section}:{nameof(MfaSignInOptions.AllowedOrigins)}"])
            ? null
            : $"{Root}.{nameof(MfaSignInOptions.AllowedOrigins)} is a list: [\"https://app.example.com\"] in JSON, or "
                + $"{nameof(MfaSignInOptions.AllowedOrigins)}__0 in the environment.";

    [GeneratedRegex(@"\A[a-z][a-z0-9+.-]*://([a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(:[0-9]+)?\z")]
    private static partial Regex Origins();

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex CookieNames();

    [GeneratedRegex(@"\A/[!-+\x2D-:<-~]*\z")]
    private static partial Regex CookiePaths();

    private static string? UserIdClaim(MfaSignInOptions options) => IsFree(options.UserIdClaim, MfaClaims.Types)
        ? null
        : $"{Root}.{nameof(UserIdClaim)} must be a claim type other than {string.Join(", ", MfaClaims.Types)}, "
            + $"was '{options.UserIdClaim}'.";

    private static string? TenantClaim(MfaSignInOptions options) =>
        options.TenantClaim is null || IsFree(options.TenantClaim, MfaClaims.Types.Append(options.UserIdClaim))
            ? null
            : $"{Root}.{nameof(TenantClaim)} must be a claim type other than {string.Join(", ", MfaClaims.Types)} "
                + $"and {nameof(MfaSignInOptions.UserIdClaim)}, was '{options.TenantClaim}'.";

    // Claim types are compared without letter case, so "AMR" would collide with "amr".
    private static bool IsFree(string? type, IEnumerable<string> taken) =>
        !string.IsNullOrWhiteSpace(type) && !taken.Contains(type, StringComparer.OrdinalIgnoreCase);
}
