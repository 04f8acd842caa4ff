namespace Callroute.Mfa.AspNetCore;

/// <summary>A user who is signed in, or half signed in.</summary>
/// <param name="Subject">The user.</param>
/// <param name="HasPassedMfa">Whether the user has passed MFA in this session.</param>
/// <param name="SignedInAt">When the session began, in whole seconds, rounded down; null if unknown.</param>
internal sealed record SignedInUser(MfaSubject Subject, bool HasPassedMfa, DateTimeOffset? SignedInAt);
