using System.Security.Claims;
using Callroute.Mfa.AspNetCore.Identity.Session;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace Callroute.Mfa.AspNetCore.Identity.Gate;

/// <summary>
/// Refuses sessions that have not passed MFA although their user must: everywhere that something is authorized, except where the user
/// enrols. Pages that need no authorization stay as they are.
/// </summary>
internal sealed class MfaGate<TUser>(
    UserManager<TUser> users, SignInManager<TUser> signIn, IdentityMfaOptions options, IHttpContextAccessor http) : IAuthorizationHandler
    where TUser : class
{
    public async Task HandleAsync(AuthorizationHandlerContext context)
    {
        if (await FindRefusalAsync(context.User).ConfigureAwait(false) is { } reason)
        {
            context.Fail(new AuthorizationFailureReason(this, reason));
        }
    }

    /// <returns>Why the session is not enough; null if it is.</returns>
    private async Task<string?> FindRefusalAsync(ClaimsPrincipal principal)
    {
        var facts = SessionFacts.Of(principal);
        if (facts.HasPassedMfa || users.GetUserId(principal) is null
            || (http.HttpContext is { } request && MfaEndpoints.IsForEnrollment(request)))
        {
            return null;
        }

        return facts.MustEnroll ? GateReasons.EnrollmentRequired
            : options.PolicyOf(principal) == MfaPolicy.Required ? await FindMissingAsync(principal).ConfigureAwait(false)
            : null;
    }

    private async Task<string?> FindMissingAsync(ClaimsPrincipal principal)
    {
        if (await users.GetUserAsync(principal).ConfigureAwait(false) is not { } user)
        {
            // Another scheme, such as the token of a service, may have an id that is none of Identity's users.
            return signIn.IsSignedIn(principal) ? GateReasons.EnrollmentRequired : null;
        }

        if (!await users.GetTwoFactorEnabledAsync(user).ConfigureAwait(false))
        {
            return GateReasons.EnrollmentRequired;
        }

        return http.HttpContext is not null && await signIn.IsTwoFactorClientRememberedAsync(user).ConfigureAwait(false)
            ? null
            : GateReasons.CodeRequired;
    }
}

/// <summary>The reasons that an API client gets.</summary>
internal static class GateReasons
{
    public const string EnrollmentRequired = "MfaEnrollmentRequired";
    public const string CodeRequired = "MfaCodeRequired";
    public const string RequiredByPolicy = "MfaRequiredByPolicy";
}
