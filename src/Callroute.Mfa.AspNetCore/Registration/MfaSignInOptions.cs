using System.Security.Claims;

namespace Callroute.Mfa.AspNetCore;

/// <summary>
/// Holds the settings of the sign-in, bound from the configuration section <c>Callroute:MfaSignIn</c>. All have defaults.
/// </summary>
/// <remarks>Not thread-safe. Checked when the application starts; do not change it afterwards.</remarks>
public sealed class MfaSignInOptions
{
    internal const string Section = "Callroute:MfaSignIn";

    /// <summary>How much time a user has between the password and the code.</summary>
    /// <value>1 min–1 h; the default is 10 min.</value>
    public TimeSpan ChallengeLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The name of the cookie that holds a sign-in between the password and the code. It is also the beginning of the names of the cookies
    /// that make a browser a known device.
    /// </summary>
    /// <value>
    /// 1–64 letters, digits, or <c>- _ .</c>; the default is <c>__Host-callroute-mfa</c>. Applications on one host need different names:
    /// otherwise they end each other's sign-ins. With <see cref="CookiePath"/> other than <c>/</c> it must not begin with <c>__Host-</c>,
    /// because browsers then drop the cookie.
    /// </value>
    public string CookieName { get; set; } = "__Host-callroute-mfa";

    /// <summary>The path that browsers send these cookies to.</summary>
    /// <value>A path that begins with <c>/</c>; the default is <c>/</c>. It does not keep other applications of the host from writing the
    /// cookies, so prefer a <see cref="CookieName"/> with <c>__Host-</c> for each application. The pages of <c>MapMfaPages</c> must be
    /// under it, in the same letter case, and throw <see cref="InvalidOperationException"/> otherwise.</value>
    public string CookiePath { get; set; } = "/";

    /// <summary>The authentication scheme that signs users in and reads their session.</summary>
    /// <value>The default is null: the application's default scheme.</value>
    public string? Scheme { get; set; }

    /// <summary>
    /// The authentication scheme of <c>AddBearerToken</c>, for clients without cookies. A request with <c>Authorization: Bearer</c> comes
    /// from such a client: the library reads its session with this scheme only, and ignores its cookies.
    /// </summary>
    /// <value>The default is null: there are no such clients.</value>
    public string? BearerScheme { get; set; }

    /// <summary>The type of the claim that holds the user's id.</summary>
    /// <value>A claim type that the library does not write itself; the default is <c>ClaimTypes.NameIdentifier</c>.</value>
    public string UserIdClaim { get; set; } = ClaimTypes.NameIdentifier;

    /// <summary>The type of the claim that holds the user's tenant.</summary>
    /// <value>A claim type that is neither <see cref="UserIdClaim"/> nor the library's own; the default is null: there are no
    /// tenants.</value>
    public string? TenantClaim { get; set; }

    /// <summary>The origins of other hosts whose pages may call the JSON endpoints, such as that of a single-page application.</summary>
    /// <value>
    /// Exact origins as browsers send them, such as <c>https://app.example.com</c>: scheme, host, and the port if it is not the default
    /// one. The default is none. The cookies are same-site: a page of another site, such as <c>https://app.example.net</c> with an API at
    /// <c>https://api.example.com</c>, must use tokens.
    /// </value>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>Whether only the library writes the claim. Claim types are compared without letter case, as readers of claims do.</summary>
    internal bool IsReserved(Claim claim) =>
        MfaClaims.Types.Append(UserIdClaim).Append(TenantClaim).Contains(claim.Type, StringComparer.OrdinalIgnoreCase);
}
