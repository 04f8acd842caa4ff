using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Maps the endpoints of administrators.</summary>
public static class MfaAdministrationExtensions
{
    /// <summary>
    /// Maps JSON endpoints for administrators, described in docs/aspnetcore.md: find a user, read status and history, unlock, and reset.
    /// They are protected as <see cref="SameOriginExtensions.RequireSameOrigin"/> does, and take the user in the body, never in the path.
    /// </summary>
    /// <remarks>
    /// If <see cref="MfaSignInOptions.TenantClaim"/> is set and the administrator has such a claim, they reach only users of their own
    /// tenant. Nobody unlocks or resets their own account. A change needs a reason, which the audit event holds. The log names the
    /// administrator.
    /// </remarks>
    /// <param name="endpoints">The application.</param>
    /// <param name="prefix">The path prefix of the endpoints, such as <c>/administration/mfa</c>.</param>
    /// <param name="policy">
    /// The name of the authorization policy that administrators fulfil. There is no default. Let it require a role and
    /// <see cref="MfaPolicyExtensions.RequireRecentMfa"/>. The application does not start if there is no such policy.
    /// </param>
    /// <returns>The group, to add conventions.</returns>
    /// <exception cref="ArgumentException">The prefix or the policy is null or empty.</exception>
    public static RouteGroupBuilder MapMfaAdministration(this IEndpointRouteBuilder endpoints, string prefix, string policy)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrWhiteSpace(prefix);
        ArgumentException.ThrowIfNullOrWhiteSpace(policy);
        var group = endpoints.MapGroup(prefix).WithTags("MFA administration").RequireAuthorization(policy)
            .WithMetadata(
                new RequestSizeLimitAttribute(MfaEndpointExtensions.MaximumBodySize),
                new AdministrationPolicy(policy))
            .AddEndpointFilter<RouteGroupBuilder, FailureFilter>().AddEndpointFilter<RouteGroupBuilder, OneAdministratorFilter>();
        group.RequireSameOrigin();
        group.ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        AdministrationEndpoints.Map(group);

        // Else a CORS policy of the application would answer the preflight requests of its origins.
        group.MapMethods("/{**path}", [HttpMethods.Options], () => TypedResults.NoContent()).ExcludeFromDescription();
        return group;
    }

    /// <summary>
    /// Changes a user's MFA for the administrator of this request, on a page of your own. It refuses what the endpoints of
    /// <see cref="MapMfaAdministration"/> refuse, and writes the same log.
    /// </summary>
    /// <remarks>Require the policy on the page too. An exception means that the outcome is unknown.</remarks>
    /// <param name="context">The request of the administrator.</param>
    /// <param name="policy">The name of the authorization policy that administrators fulfil.</param>
    /// <param name="user">The user to change.</param>
    /// <param name="action">
    /// The verb for the log. After <c>reset</c>, in any case, it also calls <see cref="IMfaUsers.AfterResetAsync"/>.
    /// </param>
    /// <param name="reason">What the administrator typed: 1–200 characters without a recovery code or the address of a QR code.</param>
    /// <param name="change">
    /// Makes the change, such as by <see cref="MfaService.ResetAsync"/>. It is called only if the administrator may change the user.
    /// </param>
    /// <returns>
    /// The refusal, in English; null if the change is made. If <see cref="IMfaUsers.AfterResetAsync"/> throws, it is <c>unavailable</c>.
    /// </returns>
    /// <exception cref="InvalidOperationException">There is no such policy.</exception>
    public static async Task<ProblemHttpResult?> AdministerMfaAsync(
        this HttpContext context,
        string policy,
        MfaSubject user,
        string action,
        string? reason,
        Func<MfaSubject, ValueTask<MfaChangeResult>> change)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentException.ThrowIfNullOrWhiteSpace(policy);
        ArgumentException.ThrowIfNullOrWhiteSpace(action);
        ArgumentNullException.ThrowIfNull(change);
        var administration = context.RequestServices.GetRequiredService<Administration>();
        var authorization = context.RequestServices.GetRequiredService<IAuthorizationService>();
        if (!(await authorization.AuthorizeAsync(context.User, context, policy).ConfigureAwait(false)).Succeeded)
        {
            return AdministrationProblems.NotAdministrator;
        }

        return await administration.ChangeAsync(context, new(user.UserId, user.Tenant, reason), action, change).ConfigureAwait(false);
    }
}
