using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Callroute.Mfa.AspNetCore;

/// <summary>The half-signed-in challenge.</summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
internal sealed record ChallengeResponse(
    [property: Description("Whether the user must enrol; otherwise the user must enter a code.")] bool IsEnrollment,
    [property: Description("The time after which the user must start again.")] DateTimeOffset ExpiresAt,
    [property: Description("For how many days the browser can be remembered, rounded down; 0 if it cannot.")] int RememberBrowserDays);
