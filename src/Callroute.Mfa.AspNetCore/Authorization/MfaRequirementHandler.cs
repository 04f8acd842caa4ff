using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;

namespace Callroute.Mfa.AspNetCore;

internal sealed class MfaRequirementHandler(TimeProvider clock) : AuthorizationHandler<MfaRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, MfaRequirement requirement)
    {
        if (context.User.HasClaim(MfaClaims.Methods, MfaClaims.Mfa) && IsYoung(context.User, requirement.MaximumAge))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }

    // A time in the future comes from a wrong clock, so it is not a proof.
    private bool IsYoung(ClaimsPrincipal user, TimeSpan? maximumAge) =>
        maximumAge is null
        || (long.TryParse(user.FindFirstValue(MfaClaims.MfaTime), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && clock.GetUtcNow().ToUnixTimeSeconds() - seconds is >= -Skew and var age
            && age <= maximumAge.Value.TotalSeconds);

    // The clocks of two nodes may differ by this many seconds.
    private const long Skew = 60;
}
