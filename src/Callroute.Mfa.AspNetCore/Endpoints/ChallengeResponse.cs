namespace Callroute.Mfa.AspNetCore;

/// <summary>The half-signed-in challenge.</summary>
/// <param name="IsEnrollment">Whether the user must enrol; otherwise the user must enter a code.</param>
/// <param name="ExpiresAt">The time after which the user must start again.</param>
/// <param name="RememberBrowserDays">For how many days the browser can be remembered, rounded down; 0 if it cannot.</param>
internal sealed record ChallengeResponse(bool IsEnrollment, DateTimeOffset ExpiresAt, int RememberBrowserDays);
