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

    // A time that lies ahead was told by a clock that is wrong, and proves nothing.
    private bool IsYoung(ClaimsPrincipal user, TimeSpan? maximumAge) =>
        maximumAge is null
        || (long.TryParse(user.FindFirstValue(MfaClaims.MfaTime), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && clock.GetUtcNow().ToUnixTimeSeconds() - seconds is >= -Skew and var age
            && age <= maximumAge.Value.TotalSeconds);

    // Between the clocks of two nodes.
    private const long Skew = 60;
}
