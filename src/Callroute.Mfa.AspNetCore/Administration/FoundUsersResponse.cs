namespace Callroute.Mfa.AspNetCore;

/// <summary>The users that were found.</summary>
/// <param name="Users">At most 20. Users who may not sign in now are missing; their id works nevertheless.</param>
internal sealed record FoundUsersResponse(IReadOnlyList<UserResponse> Users);
