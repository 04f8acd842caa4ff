using System.ComponentModel;

namespace Callroute.Mfa.AspNetCore;

/// <summary>The users that were found.</summary>
internal sealed record FoundUsersResponse(
    [property: Description("At most 20. Users who may not sign in now are missing; their id works nevertheless.")]
    IReadOnlyList<UserResponse> Users);
