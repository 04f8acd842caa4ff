using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Identity.Data;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Callroute.Mfa.AspNetCore.Identity.Gate;

/// <summary>
/// Recognises Identity's pages and endpoints by the last part of their routes. Those of the templates have the same names.
/// </summary>
internal static class MfaEndpoints
{
    private const string Disable = "Disable2fa";
    private const string Reset = "ResetAuthenticator";

    // A new external login or passkey is a way in without a code. Every way to add one ends on these pages.
    private static readonly string[] NeedStepUp = [Disable, Reset, "GenerateRecoveryCodes", "ExternalLogins", "Passkeys"];
    private static readonly string[] ForEnrollment = ["EnableAuthenticator", "ShowRecoveryCodes", "Logout"];

    public static bool NeedsStepUp(HttpContext context) => Is(context, NeedStepUp);

    /// <summary>Whether a user who must enrol may use it.</summary>
    public static bool IsForEnrollment(HttpContext context) => Is(context, ForEnrollment) || IsTwoFactorApi(context);

    /// <summary>Whether the request disables MFA: the page, or <c>/manage/2fa</c>, whose body the gate has read.</summary>
    public static bool IsDisable(HttpContext context) =>
        Is(context, [Disable]) || context.Features.Get<TwoFactorRequest>() is { Enable: false, ResetSharedKey: false };

    /// <summary>Whether the request resets the authenticator.</summary>
    public static bool IsReset(HttpContext? context) =>
        context is not null && (Is(context, [Reset]) || context.Features.Get<TwoFactorRequest>()?.ResetSharedKey == true);

    public static bool IsPersonalData(HttpContext? context) => context is not null && Is(context, ["DownloadPersonalData"]);

    /// <summary>Whether it is <c>/manage/2fa</c> of MapIdentityApi.</summary>
    public static bool IsTwoFactorApi(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType == typeof(TwoFactorRequest);

    private static bool Is(HttpContext context, string[] names) =>
        (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.PathSegments is [.., { Parts: [RoutePatternLiteralPart name] }]
        && names.Contains(name.Content, StringComparer.OrdinalIgnoreCase);
}
