namespace Callroute.Mfa.AspNetCore;

/// <summary>A body that names a user.</summary>
internal interface IUserRequest
{
    string? UserId { get; }

    string? Tenant { get; }
}
