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
        if (http.HttpContext is { } request && MfaEndpoints.IsForEnrollment(request))
        {
            return null;
        }

        // A policy of two schemes has the identities of both. If they are of two users, one's MFA must not count for the other.
        var byUser = principal.Identities.ToLookup(it => it.FindFirst(users.Options.ClaimsIdentity.UserIdClaimType)?.Value);
        foreach (var own in byUser.Where(it => it.Key is not null))
        {
            // An identity without a user adds claims, such as roles. It does not say what the session has passed.
            var user = new ClaimsPrincipal(own.Concat(byUser[null]));
            if (!SessionFacts.Of(new ClaimsPrincipal(own)).HasPassedMfa
                && await FindRefusalWithoutMfaAsync(user).ConfigureAwait(false) is { } reason)
            {
                return reason;
            }
        }

        return null;
    }

    private async Task<string?> FindRefusalWithoutMfaAsync(ClaimsPrincipal user) =>
        SessionFacts.Of(user).MustEnroll ? GateReasons.EnrollmentRequired
        : options.PolicyOf(user) == MfaPolicy.Required ? await FindMissingAsync(user).ConfigureAwait(false)
        : null;

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
