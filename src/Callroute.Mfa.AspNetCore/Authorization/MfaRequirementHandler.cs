using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore;

internal sealed class MfaRequirementHandler(TimeProvider clock, IOptions<MfaSignInOptions> options, ILoggerFactory loggers)
    : AuthorizationHandler<MfaRequirement>
{
    private int _hasWarned;

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, MfaRequirement requirement)
    {
        // If the identities of a request are of two users, one's MFA must not count for the other.
        var sessions = context.User.Identities
            .Where(identity => identity.HasClaim(claim => MfaClaims.Types.Contains(claim.Type))).ToArray();
        if (sessions.Length > 0 && sessions.All(session => IsEnough(session, requirement.MaximumAge)) && IsOneUser(context.User))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }

    private bool IsOneUser(ClaimsPrincipal user)
    {
        var isOne = ClaimedSubject.FindOnly(user, options.Value) is not null;
        if (!isOne && Interlocked.Exchange(ref _hasWarned, 1) == 0)
        {
            Log.SeveralUsers(loggers.CreateLogger("Callroute.Mfa"));
        }

        return isOne;
    }

    // A time in the future comes from a wrong clock, so it is not a proof.
    private bool IsEnough(ClaimsIdentity session, TimeSpan? maximumAge) =>
        session.HasClaim(MfaClaims.Methods, MfaClaims.Mfa)
        && (maximumAge is null
            || (long.TryParse(
                    session.FindFirst(MfaClaims.MfaTime)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                && clock.GetUtcNow().ToUnixTimeSeconds() - seconds is >= -Skew and var age
                && age <= maximumAge.Value.TotalSeconds));

    // The clocks of two nodes may differ by this many seconds.
    private const long Skew = 60;
}
