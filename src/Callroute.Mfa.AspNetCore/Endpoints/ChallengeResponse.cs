using System.ComponentModel;

namespace Callroute.Mfa.AspNetCore;

/// <summary>The half-signed-in challenge.</summary>
internal sealed record ChallengeResponse(
    [property: Description("Whether the user must enrol; otherwise the user must enter a code.")] bool IsEnrollment,
    [property: Description("The time after which the user must start again.")] DateTimeOffset ExpiresAt);
