using System.ComponentModel;

namespace Callroute.Mfa.AspNetCore;

/// <summary>The users that were found.</summary>
internal sealed record FoundUsersResponse(
    [property: Description("At most 20.")]
    IReadOnlyList<UserResponse> Users);
