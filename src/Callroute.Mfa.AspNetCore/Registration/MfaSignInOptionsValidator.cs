using System.Globalization;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Reports each wrong setting of the sign-in when the application starts.</summary>
internal sealed class MfaSignInOptionsValidator : IValidateOptions<MfaSignInOptions>
{
    private const string Root = nameof(MfaSignInOptions);

    private static readonly TimeSpan ShortestChallenge = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestChallenge = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, MfaSignInOptions options)
    {
        string?[] findings = [ChallengeLifetime(options.ChallengeLifetime), UserIdClaim(options), TenantClaim(options)];
        string[] failures = [.. findings.OfType<string>()];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static string? ChallengeLifetime(TimeSpan lifetime) => lifetime >= ShortestChallenge && lifetime <= LongestChallenge
        ? null
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{Root}.{nameof(ChallengeLifetime)} must be {ShortestChallenge}–{LongestChallenge}, was {lifetime}.");

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
