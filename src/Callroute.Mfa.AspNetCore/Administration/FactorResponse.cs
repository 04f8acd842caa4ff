using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Callroute.Mfa.AspNetCore;

/// <summary>The waits and lockouts of one factor on one group of devices.</summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record FactorResponse(
    [property: Description("Failures since the last success, unlocking or end of a lockout.")] int ConsecutiveFailures,
    [property: Description("How long codes are still refused without a check; null if the next code is checked.")] long? RetryAfterSeconds,
    [property: Description("Whether the factor is locked out on these devices.")] bool IsLockedOut)
{
    public static FactorResponse From(FactorStatus factor) => new(
        factor.ConsecutiveFailures,
        factor.RetryAfter is { } wait ? (long)Math.Ceiling(wait.TotalSeconds) : null,
        factor.IsLockedOut);
}
